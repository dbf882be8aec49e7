"""Is the sum of what is recorded what is owed, as of each instant, whatever comes to light when?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from projections import entitlements, ledger
from projections.entitlements import Entitlement
from projections.ledger import Entry
from projections.table import Given
from recovery.events import (
    Acknowledged,
    Event,
    Explained,
    IncidentRecorded,
    Received,
    Recorded,
    complaint_stream,
)
from recovery.owing import entitled, owe
from recovery.payout import Payout
from recovery.policy.adopt import adoption
from recovery.policy.library import Policies
from tests.cast import ANA, DAY, HOUR, NINE, SUE
from tests.payouts.conftest import POLICY

REFERENCE = "7GQ2M4XK9T"
ADOPTED = adoption(POLICY, by=SUE, at=NINE, reason="A test.")
POLICIES = Policies()
POLICIES.apply(ADOPTED)
GIVEN = Given(POLICIES)
FIFTY = Decimal("50.00")


def day(n: int) -> str:
    return (NINE + n * DAY).date().isoformat()


FACTS = st.fixed_dictionaries(
    {"cause": st.sampled_from(("cut_off", "weather"))},
    optional={
        "cut_off_on": st.integers(-20, -10).map(day),
        "restored_on": st.integers(-9, 9).map(day),
    },
)
HOURS = st.integers(0, 24 * 12).map(lambda n: NINE + n * HOUR)
EVENTS = st.one_of(
    HOURS.map(lambda at: Acknowledged(at=at, by=ANA)),
    HOURS.map(lambda at: Explained(at=at, by=ANA, outcome="upheld")),
    st.builds(
        lambda at, facts: IncidentRecorded(at=at, by=ANA, facts=facts), HOURS, FACTS
    ),
)  # fmt: skip


class Life:
    """A complaint, with a paymaster that looks when it has to."""

    def __init__(self, tier: str) -> None:
        self.payouts: dict[str, Payout] = {}
        self.entries: dict[str, tuple[Entry, ...]] = {}
        self.version = 0
        self.rows: tuple[Entitlement, ...] = ()
        self.hear(Received(
            at=NINE, by=ANA, complainant="lee", channel="phone", language="en", policy="fair",
            policy_version=ADOPTED.version, tier=tier,
        ))  # fmt: skip

    def hear(self, event: Event) -> None:
        self.version += 1
        record = Recorded(complaint_stream(REFERENCE), self.version, event, recorded_at=event.at)
        self.rows = entitlements.settle(entitlements.fold(self.rows, record, GIVEN), GIVEN)

    def pay(self, now: datetime) -> None:
        """What the paymaster does until it has nothing more to do."""
        while (at := self.rows[0].review_at) is not None and at <= now:
            found = owe(entitlements.standing(self.rows[0], GIVEN), at, self.payout)
            assert found, "it was called for nothing"
            for record in found:
                entries = self.entries.get(record.stream, ())
                self.entries[record.stream] = ledger.fold(entries, record, GIVEN)
                self.rows = entitlements.fold(self.rows, record, GIVEN)
            self.rows = entitlements.settle(self.rows, GIVEN)

    def payout(self, id: str) -> Payout:
        return self.payouts.setdefault(id, Payout(REFERENCE, id))

    def owed(self, at: datetime) -> dict[str, Decimal]:
        """What the policy says is owed, by guarantee."""
        found = entitled(entitlements.standing(self.rows[0], GIVEN), at)
        return {each.guarantee: each.money.amount for each in found}

    def recorded(self) -> dict[str, Decimal]:
        totals = {p.state.due.guarantee: p.state.total for p in self.payouts.values()}
        return {name: total for name, total in totals.items() if total}


def live(events: Sequence[Event], looks: Sequence[datetime], tier: str = "") -> Life:
    life = Life(tier)
    told = sorted(((e.at or NINE, n, e) for n, e in enumerate(events)), key=lambda each: each[:2])
    moments = [(at, 0, event) for at, _, event in told]
    for at, _, event in sorted([*moments, *((at, 1, None) for at in looks)], key=lambda m: m[:2]):
        if event is not None:
            life.hear(event)
        life.pay(at)
        assert life.recorded() == life.owed(at)
    return life


@given(st.lists(EVENTS, max_size=5), st.lists(HOURS, max_size=6))
def test_what_is_recorded_is_what_is_owed_as_of_each_instant(
    events: list[Event], looks: list[datetime]
) -> None:
    life = live(events, looks)

    assert life.recorded().get("late_explanation", Decimal(0)) <= FIFTY
    for entries in life.entries.values():
        total = sum((entry.expense for entry in entries), Decimal(0))
        assert total == -sum((entry.owed for entry in entries), Decimal(0)) >= 0


@settings(max_examples=30)
@given(st.lists(EVENTS, max_size=4), st.sampled_from(("gold", "staff", "new")))
def test_no_tier_changes_what_the_law_grants(events: list[Event], tier: str) -> None:
    looks = [NINE + 12 * DAY]

    plain, tiered = live(events, looks).recorded(), live(events, looks, tier).recorded()

    assert plain.get("cut_off") == tiered.get("cut_off")
