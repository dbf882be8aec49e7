"""How long does it take to carry a desk away and to bring it back, with everything folded anew?

An encrypted backup of a desk with its history sealed, while nobody works; then into an empty
database: loaded, compared with the seal, folded by a rebuild.
"""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from projections import seal, sealcheck
from projections.rebuild import rebuild
from recovery.backup import making, restoring
from recovery.database import Database
from recovery.seal import Signer
from tests.benchmarks.figures import Figure
from tests.benchmarks.ground import Ground, Sizes
from web.runtime import Runtime

PASSPHRASE = "a goose walked over the bridge"
SIGNER = Signer(b"b" * 32)


def measure(ground: Ground, sizes: Sizes) -> list[Figure]:
    desk = ground.desk_with(sizes.complaints)
    with desk.database.dedicated() as conn:
        seal.seal(conn, SIGNER, datetime.now(UTC))
        head = seal.last_head(conn)
    assert head
    made, loaded, folded = [], [], []
    size = 0.0
    for _ in range(sizes.loads):
        with tempfile.TemporaryDirectory(prefix="recovery-bench-") as folder:
            began = time.perf_counter()
            backup = making.make(
                desk.database, Path(folder) / "whole", at=datetime.now(UTC), passphrase=PASSPHRASE
            )
            made.append(time.perf_counter() - began)
            size = backup.size / 1e6
            times = _back(ground, desk, Path(folder) / "whole", {head.key})
        loaded.append(times[0])
        folded.append(times[1])
    of = f"{sizes.complaints:,} complaints, {backup.rows:,} rows, {size:,.0f} MB"
    return [
        Figure.of("backup.make", f"A backup, encrypted: {of}", made, "s"),
        Figure.of("backup.restore", "Restored, and compared with the seal", loaded, "s"),
        Figure.of("backup.rebuild", "Folded anew after it", folded, "s"),
    ]


def _back(ground: Ground, desk: Runtime, folder: Path, keys: set[bytes]) -> tuple[float, float]:
    """Seconds to restore, and to fold."""

    def check(conn: psycopg.Connection[Any]) -> None:
        assert sealcheck.check(conn, keys).offence is None

    url = ground.database()
    database = Database(url, size=2).open()
    began = time.perf_counter()
    found = restoring.look([folder], passphrase=PASSPHRASE)
    restoring.restore(database, desk.vault, found, check=check)
    middle = time.perf_counter()
    database.close()
    back = ground.open(url)
    rebuild(back.engine)
    ended = time.perf_counter()
    ground.drop(back)
    return middle - began, ended - middle
