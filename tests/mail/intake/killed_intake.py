"""An intake that is killed, round after round, at whatever step comes next."""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from recovery.database import Database
from recovery.mailbox import Brought, Mailbox
from recovery.maillist import Mail
from recovery.vault import Vault
from tests.cast import NINE
from tests.desks import TestDesk
from tests.mail.intake.conftest import MailDesk
from tests.mail.reading.samples import raw

MESSAGES = 24


def message(number: int) -> bytes:
    return raw(
        f"From: Lee {number} <lee{number}@example.org>", f"Message-ID: <{number}@example.org>",
        body=f"Complaint {number}.",
    )  # fmt: skip


class Deadly(Mailbox):
    """The process is gone after so many steps: before or after each is done."""

    steps = 0

    def store(self, *words: Any, **more: Any) -> tuple[str, bool]:
        return self._survive(lambda: super(Deadly, self).store(*words, **more))

    def take(self, **more: Any) -> list[Mail]:
        return self._survive(lambda: super(Deadly, self).take(**more))

    def settle(self, *words: Any, **more: Any) -> None:
        self._survive(lambda: super(Deadly, self).settle(*words, **more))

    def _survive(self, act: Callable[[], Any]) -> Any:
        self._count()
        done = act()
        self._count()
        return done

    def _count(self) -> None:
        self.steps -= 1
        if self.steps == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def work(url: str, rounds: int, steps: int) -> None:
    """Bring messages that nobody said were taken, and settle what is due."""
    with_database = Database(url, size=2).open()
    desk = MailDesk(TestDesk.on(with_database, Vault(b"m" * 32)))
    deadly = Deadly(with_database, desk.desk.vault, key=b"k" * 32)
    deadly.steps = steps
    desk.intake._mailbox = desk.intake._correspondence._mailbox = deadly
    desk.now = NINE + rounds * timedelta(days=2)
    for number in range(MESSAGES):
        deadly.store(message(number), brought=Brought(), channel="lmtp", at=NINE)
    while desk.intake.step(limit=5):
        pass
    with_database.close()


def main(url: str, kills: int) -> None:
    chance = random.Random(7)
    for rounds in range(1, kills + 1):
        pid = os.fork()
        if pid == 0:
            # Early rounds die while messages are brought, later ones while they are settled.
            first = 1 if rounds <= kills // 3 else 2 * MESSAGES
            work(url, rounds, chance.randrange(first, first + 30))
            os._exit(3)
        _, status = os.waitpid(pid, 0)
        chance.random()
        print("killed" if os.WIFSIGNALED(status) else "ended")
    work(url, kills + 1, -1)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
