"""A desk with guarantees, and paymasters whose watches the tests set."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest

from projections import ledger, payouts
from projections.payouts import PayoutRow
from recovery.policybook import adopt
from recovery.vault import Vault
from tests import templates
from tests.cast import SUE
from tests.desks import TestDesk
from tests.pool import Pool
from web.worker.paymaster import Paymaster

POLICY = """
id = "fair"
title = "Fair answers"
source = "A test"
status = "confirmed"
zone = "Europe/London"

[facts]
cut_off_on = { type = "date" }
restored_on = { type = "date" }

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

[[version.clock]]
name = "explain"
start = ["received"]
stop = ["explained"]
within = "4 business hours"

[[version.guarantee]]
name = "late_acknowledgement"
title = "£10 for a late acknowledgement."
currency = "GBP"
clock = "acknowledge"
amount = [{ pays = "10.00" }]
pay_by = { within = "5 business days", after = "breach" }

[[version.guarantee]]
name = "late_explanation"
title = "£5 for each business day."
currency = "GBP"
clock = "explain"
at_most = "50.00"
pay_by = { within = "10 business days", after = "answer" }
[[version.guarantee.amount]]
pays = "5.00"
accrues = { every = "1 business day", started = true, first_day = "counts", from = "breach", until = "answer" }

[[version.guarantee]]
name = "cut_off"
title = "£8.40 for each day without service."
basis = "statute"
currency = "GBP"
when = "cause == 'cut_off'"
amount = [{ pays = "8.40", accrues = { every = "1 day", from = "cut_off_on", until = "restored_on" } }]
pay_by = { within = "30 days", after = "restored_on" }

[[version.guarantee]]
name = "late_payment"
title = "£40 when the payment is late."
basis = "statute"
currency = "GBP"
unpaid = "late_acknowledgement"
amount = [{ pays = "40.00" }]
"""  # noqa: E501


def _monday() -> datetime:
    """Nine o'clock in London, on a Monday to come: what happens then is recorded before."""
    today = datetime.now(UTC).date()
    day = today + timedelta(days=7 - today.weekday())
    return datetime.combine(day, time(9), UTC)


NINE = _monday()


class Till:
    """A desk whose time the test tells."""

    def __init__(self, desk: TestDesk) -> None:
        self.desk = desk
        self.now = NINE
        self.version = adopt(
            desk.store, desk.policies, POLICY, by=SUE, at=NINE, reason="A test."
        ).version

    def receive(self, **more: object) -> str:
        reference = self.desk.receive(**{"policy": "fair", "at": NINE} | more)  # type: ignore[arg-type]
        self.desk.engine.catch_up()
        return reference

    def paymaster(self) -> Paymaster:
        return Paymaster(store=self.desk.store, policies=self.desk.policies, clock=lambda: self.now)

    def pay(self, at: datetime) -> int:
        """Let one paymaster do all that is owed at this time; returns in how many rounds."""
        self.now = at
        paymaster, rounds = self.paymaster(), 0
        self.desk.engine.catch_up()
        while paymaster.step():
            rounds += 1
            self.desk.engine.catch_up()
        return rounds

    def payouts(self, reference: str) -> dict[str, PayoutRow]:
        """What a complaint is owed, by guarantee."""
        with self.desk.store.database.engine.connect() as conn:
            return {row.guarantee: row for row in payouts.of_complaint(conn, reference)}

    def owed(self, reference: str) -> dict[str, str]:
        """The whole amount under each guarantee."""
        return {name: f"{row.total:.2f}" for name, row in self.payouts(reference).items()}

    def balances(self) -> dict[str, Decimal]:
        with self.desk.store.database.engine.connect() as conn:
            return ledger.balances(conn)["GBP"]


@pytest.fixture
def till(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> Till:
    monkeypatch.setattr("web.worker.recording.PATIENCE", 0.0)  # the tests fold between rounds
    return Till(desk)


@pytest.fixture
def another(databases: Pool, vault: Vault, till: Till) -> Iterator[Till]:
    """A second desk of its own."""
    with databases.database(templates.DESK) as swept:
        yield Till(TestDesk.on(swept.open(), vault))
