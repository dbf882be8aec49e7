"""Several complaints of one complainant, and what they can get together in a year."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from projections import entitlements
from projections.entitlements import Entitlement
from projections.table import Given
from recovery.events import Event, Received, Recorded, complaint_stream
from recovery.owing import entitled, owe
from recovery.payout import Payout
from recovery.policy.adopt import adoption
from recovery.policy.library import Policies
from recovery.quota import Quota, limited
from tests.cast import ANA, NINE, SUE
from tests.payouts.conftest import POLICY

LIMIT = Decimal("30.00")
TEXT = POLICY.replace(
    'at_most = "50.00"', f'at_most = "50.00"\na_year = {{ amount = "{LIMIT}" }}'
).replace("£5 for each", "£5, £30 a year, for each")
ADOPTED = adoption(TEXT, by=SUE, at=NINE, reason="A test.")
POLICIES = Policies()
POLICIES.apply(ADOPTED)
GIVEN = Given(POLICIES)
REFERENCES = ("7GQ2M4XK9T", "8GQ2M4XK9T", "9GQ2M4XK9T")


class Lives:
    """The complaints of one complainant, each with a paymaster that looks when it has to."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[Entitlement, ...]] = {}
        self.versions: dict[str, int] = {}
        self.payouts: dict[str, Payout] = {}
        self.quota: list[Recorded] = []

    def receive(self, reference: str, at: datetime) -> None:
        self.rows[reference] = ()
        self.hear(reference, Received(
            at=at, by=ANA, complainant="lee", channel="phone", language="en", policy="fair",
            policy_version=ADOPTED.version,
        ))  # fmt: skip

    def hear(self, reference: str, event: Event) -> None:
        version = self.versions[reference] = self.versions.get(reference, 0) + 1
        self._fold([Recorded(complaint_stream(reference), version, event, recorded_at=event.at)])

    def pay(self, now: datetime) -> None:
        """What paymasters do until they have nothing more to do."""
        while due := [
            (row.review_at, reference)
            for reference, [row] in self.rows.items() if row.review_at and row.review_at <= now
        ]:  # fmt: skip
            at, reference = min(due)
            self._pay(reference, at)

    def _pay(self, reference: str, at: datetime) -> None:
        [row] = self.rows[reference]
        version = POLICIES.version("fair", ADOPTED.version)
        quotas = [Quota("lee", "fair", rule, self.quota) for rule in limited(version)]
        found = owe(entitlements.standing(row, GIVEN), at, self._payout(reference), quotas)
        assert found, "it was called for nothing"
        self.quota += [record for quota in quotas for record in quota.pending]
        self._fold(found)

    def _payout(self, reference: str):  # type: ignore[no-untyped-def]
        return lambda id: self.payouts.setdefault(id, Payout(reference, id))

    def _fold(self, records: Iterable[Recorded]) -> None:
        for record in records:
            for reference in entitlements.groups(record):
                rows = entitlements.fold(self.rows[reference], record, GIVEN)
                self.rows[reference] = entitlements.settle(rows, GIVEN)

    def owed(self, reference: str, at: datetime) -> Decimal:
        """What the policy says is owed for a late explanation, as of an instant."""
        found = entitled(entitlements.standing(self.rows[reference][0], GIVEN), at)
        return _late((each.guarantee, each.money.amount) for each in found)

    def recorded(self, reference: str) -> Decimal:
        mine = [p.state for p in self.payouts.values() if p.complaint == reference and p.version]
        return _late((state.due.guarantee, state.total) for state in mine)

    @property
    def together(self) -> Decimal:
        return sum(map(self.recorded, self.rows), Decimal(0))


def _late(amounts: Iterable[tuple[str, Decimal]]) -> Decimal:
    return sum((amount for name, amount in amounts if name == "late_explanation"), Decimal(0))
