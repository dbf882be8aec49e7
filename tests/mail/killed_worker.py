"""A post worker that is killed at the worst moment: the server has the letter, nothing says so."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from recovery.database import Database
from recovery.vault import Vault
from tests.desks import TestDesk
from tests.mail.conftest import PostOffice
from web.mail.parcel import Parcel
from web.mail.transport import Answer, Send, Server, Smtp


class Deadly(Smtp):
    """Sends, and then the process is gone."""

    @contextmanager
    def session(self) -> Iterator[Send]:
        with super().session() as send:

            def send_and_die(parcel: Parcel) -> Answer:
                send(parcel)
                os.kill(os.getpid(), signal.SIGKILL)
                raise AssertionError("nobody survives this")

            yield send_and_die


if __name__ == "__main__":
    database = Database(sys.argv[1], size=2).open()
    office = PostOffice(TestDesk.on(database, Vault(b"m" * 32)))
    office.worker(Deadly(Server.parse(sys.argv[2]), helo="desk.example")).step()
