"""Agents at work, each in a thread, who remember what the desk acknowledged to them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

from recovery.desk import Desk, reference_of
from recovery.errors import StoreUnavailable
from recovery.store import Command, Done
from recovery.vault import Contact
from tests.cast import ANA, NINE


class Crowd:
    """Take complaints, acknowledge and explain them, until told to stop.

    `pace` is how long each thinks between two complaints (seconds).
    """

    def __init__(self, desk: Desk, *, agents: int, pace: float) -> None:
        self._desk = desk
        self._pace = pace
        self._enough = threading.Event()
        self._threads = [threading.Thread(target=self._work, args=(n,)) for n in range(agents)]
        self.acknowledged: dict[str, Done] = {}
        self.doubtful: dict[str, Callable[[], Done]] = {}
        """Commands that failed because the database went away: done or not, nobody was told."""
        self.failures: list[BaseException] = []

    def begin(self) -> None:
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self._enough.set()
        for thread in self._threads:
            thread.join()

    def ask_again(self) -> None:
        """Give each doubtful command once more, under its own id."""
        for name, act in self.doubtful.items():
            self.acknowledged[name] = act()

    def _work(self, agent: int) -> None:
        number = 0
        try:
            while not self._enough.wait(self._pace):
                number += 1
                self._handle(f"{agent}-{number}")
        except BaseException as error:
            self.failures.append(error)

    def _handle(self, name: str) -> None:
        desk, at = self._desk, NINE + timedelta(hours=1)

        def receive() -> Done:
            return desk.receive(
                by=ANA, at=NINE, description=f"Parcel {name} never came.",
                contact=Contact(name="Mr Lee", email=f"lee-{name}@example.org"),
                command=Command(f"{name}-received"),
            )  # fmt: skip

        received = self._try(f"{name}-received", receive)
        if received is None:
            return
        reference = reference_of(received)
        acknowledged = self._try(
            f"{name}-acknowledged",
            lambda: desk.acknowledge(
                reference, by=ANA, at=at, command=Command(f"{name}-acknowledged")
            ),
        )
        if acknowledged is None:
            return
        self._try(
            f"{name}-explained",
            lambda: desk.explain(
                reference, by=ANA, at=at, outcome="upheld", message="It fell off the lorry.",
                command=Command(f"{name}-explained"),
            ),
        )  # fmt: skip

    def _try(self, name: str, act: Callable[[], Done]) -> Done | None:
        try:
            self.acknowledged[name] = done = act()
        except StoreUnavailable:
            self.doubtful[name] = act
            return None
        return done
