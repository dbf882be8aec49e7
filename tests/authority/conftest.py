"""A desk whose policy says who may approve what."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from projections import payouts
from projections.payouts import PayoutRow
from recovery.approval import Approvals
from recovery.authority import Approver
from recovery.events import subject
from recovery.money import Money
from recovery.policybook import adopt
from recovery.store import Done
from tests.authority.test_policy import AUTHORITY
from tests.cast import ADA, ANA, BO, NINE, SUE
from tests.desks import TestDesk
from tests.payouts.conftest import POLICY

CY, SID = "user:cy", "user:sid"
ROLES = {ANA: "agent", BO: "agent", CY: "agent", SUE: "supervisor", SID: "supervisor",
         ADA: "administrator"}  # fmt: skip
"""Ana may grant £80, Bo nothing, Cy £50 and £200 a day; supervisors £1,000, Ada anything."""


def person(by: str) -> Approver:
    return Approver(by, ROLES[by])  # type: ignore[arg-type]


def pounds(amount: str) -> Money:
    return Money(Decimal(amount), "GBP")


class Counter:
    """Where people compensate and approve."""

    def __init__(self, desk: TestDesk) -> None:
        self.desk = desk
        self.approvals = Approvals(desk.store, desk.policies)
        adopt(desk.store, desk.policies, POLICY + AUTHORITY, by=SUE, at=NINE, reason="A test.")

    def receive(self, **more: object) -> str:
        return self.desk.receive(**{"policy": "fair"} | more)  # type: ignore[arg-type]

    def compensate(
        self, reference: str, amount: str, *, by: str = CY, kind: str = "goodwill",
        currency: str = "GBP",
    ) -> Done:  # fmt: skip
        return self.desk.desk.compensate(
            reference, by=by, role=ROLES[by], kind=kind,  # type: ignore[arg-type]
            money=Money(Decimal(amount), currency), at=NINE + timedelta(hours=1),
            message="We are sorry.",
        )  # fmt: skip

    def approve(self, payout: str, by: str = SUE) -> Done:
        return self.approvals.approve(payout, who=person(by), at=NINE + timedelta(hours=2))

    def payouts(self, reference: str) -> list[PayoutRow]:
        """The money of a complaint, oldest first."""
        self.desk.engine.catch_up()
        with self.desk.store.database.engine.connect() as conn:
            found = payouts.of_complaint(conn, reference)
        return sorted(found, key=lambda row: int(row.occurrence))

    def proposed(self, amount: str, *, by: str = CY, reference: str = "") -> str:
        """The payout of something that waits for somebody else."""
        reference = reference or self.receive()
        self.compensate(reference, amount, by=by)
        return self.payouts(reference)[-1].payout

    def topics(self, reference: str) -> list[str]:
        """What happened to the complaint and its money, in the order of the log."""
        streams = [
            f"complaint-{reference}",
            *(f"payout-{p.payout}" for p in self.payouts(reference)),
        ]
        return [record.event.topic for record in self.desk.store.together(streams)]


@pytest.fixture
def counter(desk: TestDesk) -> Counter:
    return Counter(desk)


__all__ = ["ADA", "ANA", "BO", "CY", "SID", "SUE", "Counter", "person", "pounds", "subject"]
