"""An intake that is killed, round after round, at whatever step comes next.

Mail reaches it as in life: fetched from an IMAP server, or handed over by a mail server that speaks
LMTP and comes back with what was not taken.
"""

from __future__ import annotations

import os
import random
import signal
import smtplib
import socket
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from recovery.database import Database
from recovery.mailbox import Mailbox
from recovery.maillist import Mail
from recovery.vault import Vault
from tests.cast import NINE
from tests.desks import TestDesk
from tests.mail.intake.conftest import MailDesk
from tests.mail.reading.samples import raw
from web.mail.receiving.imap import Account, Fetcher
from web.mail.receiving.server import Doors, Place

DONE = 3
T = TypeVar("T")


def message(number: int) -> bytes:
    return raw(
        f"From: Lee {number} <lee{number}@example.org>", f"Message-ID: <{number}@example.org>",
        body=f"Complaint {number}.\n",
    )  # fmt: skip


class Fate:
    """The process is gone after so many steps: before or after each is done; it says at which."""

    def __init__(self, steps: int) -> None:
        self._left = steps
        self._lock = threading.Lock()

    def survive(self, step: str, act: Callable[[], T]) -> T:
        self._count(f"before {step}")
        done = act()
        self._count(f"after {step}")
        return done

    def _count(self, step: str) -> None:
        with self._lock:
            self._left -= 1
            if self._left == 0:
                os.write(1, f"{step}\n".encode())
                os.kill(os.getpid(), signal.SIGKILL)


class Deadly(Mailbox):
    fate: Fate

    def store(self, *words: Any, **more: Any) -> tuple[str, bool]:
        return self.fate.survive("storing", lambda: super(Deadly, self).store(*words, **more))

    def remember(self, *words: Any, **more: Any) -> None:
        self.fate.survive("remembering", lambda: super(Deadly, self).remember(*words, **more))

    def take(self, **more: Any) -> list[Mail]:
        return self.fate.survive("taking", lambda: super(Deadly, self).take(**more))

    def settle(self, *words: Any, **more: Any) -> None:
        self.fate.survive("settling", lambda: super(Deadly, self).settle(*words, **more))


class DeadlyFetcher(Fetcher):
    def _mark(self, *words: Any) -> None:
        assert isinstance(self._mailbox, Deadly)
        self._mailbox.fate.survive("marking", lambda: super(DeadlyFetcher, self)._mark(*words))


def work(url: str, place: str, rounds: int, steps: int, sent: Callable[[], bool]) -> None:
    """Take mail in and settle what is due, until all that was sent is settled."""
    database = Database(url, size=4).open()
    desk = MailDesk(TestDesk.on(database, Vault(b"m" * 32)))
    deadly = Deadly(database, desk.desk.vault, key=b"k" * 32)
    deadly.fate = Fate(steps)
    desk.intake._mailbox = desk.intake._correspondence._mailbox = deadly
    desk.now = NINE + rounds * timedelta(days=2)  # by then leases of the dead have ended

    def settle() -> None:
        while desk.intake.step(limit=5):
            pass

    if rounds % 2:
        settle()
    if place.startswith("imap:"):
        DeadlyFetcher(deadly, Account.parse(place), clock=lambda: NINE).step()
    else:
        _listen(deadly, place, sent)
    settle()
    database.close()


def _listen(mailbox: Mailbox, place: str, sent: Callable[[], bool]) -> None:
    doors = Doors(
        mailbox, [Place.of("lmtp", place)], addresses=["desk@desk.example"], limit=1_000_000,
        hostname="desk.example", clock=lambda: NINE,
    )  # fmt: skip
    stopping = threading.Event()
    listening = threading.Thread(target=doors.follow, args=(stopping,))
    listening.start()
    while not sent():
        time.sleep(0.02)
    stopping.set()
    listening.join()


class MailServer:
    """Hands messages over by LMTP, and keeps what was not taken."""

    def __init__(self, messages: int) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.left = [message(number) for number in range(messages)]
        self._said, self._heard = os.pipe()
        self._sending = threading.Thread(target=self._send, daemon=True)

    def start(self) -> None:
        self._sending.start()

    def is_done(self) -> bool:
        """Also in a child: the end of the pipe can be seen from there."""
        import select

        return bool(select.select([self._said], [], [], 0)[0])

    def _send(self) -> None:
        while self.left:
            try:
                with smtplib.LMTP("127.0.0.1", self.port) as server:
                    while self.left:
                        server.sendmail("x@example.org", ["desk@desk.example"], self.left[-1])
                        self.left.pop()
            except (smtplib.SMTPException, OSError):
                time.sleep(0.01)
        os.write(self._heard, b"done")


def main(url: str, place: str, messages: int, kills: int) -> None:
    server = None
    if place == "lmtp":
        server = MailServer(messages)
        place = f"127.0.0.1:{server.port}"
    chance = random.Random(7)
    rounds = killed = 0
    while killed < kills:
        rounds += 1
        steps = chance.randrange(1, 1 + 2 * messages // kills)  # so that none is killed in idleness
        ended = _fork(lambda: work(url, place, rounds, steps, server.is_done if server else bool))  # noqa: B023
        if server and rounds == 1:
            server.start()
        if os.waitstatus_to_exitcode(os.waitpid(ended, 0)[1]) == DONE:
            break  # everything is settled, and nothing is left to be killed at
        killed += 1
    last = _fork(lambda: work(url, place, rounds + 1, -1, server.is_done if server else bool))
    assert os.waitstatus_to_exitcode(os.waitpid(last, 0)[1]) == DONE


def _fork(act: Callable[[], None]) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            act()
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(1)
        os._exit(DONE)
    return pid


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
