"""A desk with a policy that warns, and timekeepers whose watches the tests set."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest

from recovery import clock as clocks
from recovery.events import Event, clock_stream
from recovery.policybook import adopt
from recovery.vault import Vault
from tests import templates
from tests.cast import SUE
from tests.desks import TestDesk
from tests.pool import Pool
from web.accounts import Accounts, Role
from web.worker.timekeeper import Timekeeper

PEOPLE: dict[str, Role] = {"ana": "agent", "bo": "agent", "sue": "supervisor"}
POLICY = """
id = "prompt"
title = "Prompt answers"
source = "A test"
status = "confirmed"
zone = "UTC"

[[calendar]]
name = "office"
monday = ["09:00-17:00"]
tuesday = ["09:00-17:00"]
wednesday = ["09:00-17:00"]
thursday = ["09:00-17:00"]
friday = ["09:00-17:00"]

[[version]]
name = "first"
from = 2000-01-01

[[version.clock]]
name = "acknowledge"
start = ["received"]
stop = ["acknowledged"]
within = "2 business hours"
warn = ["75 %"]

[[version.clock]]
name = "explain"
start = ["received"]
stop = ["explained"]
within = "4 business hours"
warn = ["50 %", "90 %"]
pauses = true

[[version.clock.escalation]]
at = "due"
notify = ["assignee", "supervisors"]

[[version.clock.escalation]]
after = "1 business hour"
assign = "sue@desk.test"
severity = "high"
"""


def _monday() -> datetime:
    """Nine o'clock of a Monday to come: what happens then is recorded before, never after."""
    today = datetime.now(UTC).date()
    return datetime.combine(today + timedelta(days=7 - today.weekday()), time(9), UTC)


NINE = _monday()


class Watch:
    """A desk whose time the test tells."""

    def __init__(self, desk: TestDesk) -> None:
        self.desk = desk
        self.now = NINE
        self.accounts = Accounts(desk.store.database, b"s" * 32)
        self.version = adopt(
            desk.store, desk.policies, POLICY, by=SUE, at=NINE, reason="A test."
        ).version

    def people(self) -> None:
        for name, role in PEOPLE.items():
            self.accounts.add_user(
                id=name, email=f"{name}@desk.test", name=name.title(), role=role,
                password="put right what went wrong",
            )  # fmt: skip

    def receive(self, **more: object) -> str:
        reference = self.desk.receive(**{"policy": "prompt", "at": NINE} | more)  # type: ignore[arg-type]
        self.desk.engine.catch_up()
        return reference

    def keeper(self) -> Timekeeper:
        return Timekeeper(
            store=self.desk.store, desk=self.desk.desk, accounts=self.accounts,
            clock=lambda: self.now,
        )  # fmt: skip

    def keep(self, at: datetime) -> int:
        """Let one timekeeper do all that is owed at this time; returns in how many rounds."""
        self.now = at
        keeper, rounds = self.keeper(), 0
        self.desk.engine.catch_up()
        while keeper.step():
            rounds += 1
            self.desk.engine.catch_up()
        return rounds

    def stream(self, reference: str, clock: str, cycle: int = 1) -> list[Event]:
        """What the log says of a clock."""
        found = clocks.clock_id(reference, clock, cycle)
        return [record.event for record in self.desk.store.records(clock_stream(found))]


@pytest.fixture
def watch(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> Watch:
    monkeypatch.setattr("web.worker.recording.PATIENCE", 0.0)  # the tests fold between rounds
    return Watch(desk)


@pytest.fixture
def another(databases: Pool, vault: Vault, watch: Watch) -> Iterator[Watch]:
    """A second desk of its own."""
    with databases.database(templates.DESK) as swept:
        yield Watch(TestDesk.on(swept.open(), vault))
