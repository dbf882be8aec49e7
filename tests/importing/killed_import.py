"""An import that kills its own process, without any chance to tidy up, at the given row."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from recovery.database import Database
from recovery.store import Store
from recovery.vault import Vault
from web.importing import mapping
from web.importing.report import Progress
from web.importing.run import run_import

if __name__ == "__main__":
    url, path, row = sys.argv[1:]

    def die(progress: Progress) -> None:
        if progress.step == "importing" and progress.rows >= int(row):
            os.kill(os.getpid(), signal.SIGKILL)

    run_import(
        store=Store(Database(url, size=2).open()), vault=Vault(b"m" * 32), secret=b"secret",
        path=Path(path), mapping=mapping.load("cfpb"), progress=die,
    )  # fmt: skip
