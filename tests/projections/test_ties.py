"""What do the read models say of complaints that are merged, unmerged, linked and split?"""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projections import views
from projections.all import PROJECTIONS
from projections.table import Projection
from projections.whole import ticket as ticket_of
from recovery.binding import Binder
from recovery.desk import reference_of
from recovery.errors import Invalid, Refused
from recovery.vault import Contact
from tests.cast import ANA, BO, DAY, HOUR, MINUTE, NINE
from tests.desks import TestDesk

NOT_COMPARED = {"version"}
"""How many events a stream has is the one thing that merging and unmerging do change."""


@pytest.fixture
def binder(desk: TestDesk) -> Binder:
    return Binder(desk.store, desk.vault)


def everything(desk: TestDesk) -> dict[str, list[dict[str, Any]]]:
    """Every row of every projection."""
    desk.engine.catch_up()
    with desk.store.database.engine.connect() as conn:
        return {each.name: rows(conn, each) for each in PROJECTIONS}


def rows(conn: sa.Connection, projection: Projection[Any]) -> list[dict[str, Any]]:
    table = projection.table
    found = conn.execute(sa.select(table).order_by(*table.primary_key.columns)).mappings()
    return [{k: v for k, v in row.items() if k not in NOT_COMPARED} for row in found]


ACTS = {
    "acknowledge": lambda desk, ref, at: desk.acknowledge(ref, by=ANA, at=at),
    "explain": lambda desk, ref, at: desk.explain(
        ref, by=ANA, at=at, outcome="upheld", message="A van broke down."
    ),
    "assign": lambda desk, ref, at: desk.assign(ref, by=BO, at=at, agent=BO),
    "pause": lambda desk, ref, at: desk.pause(ref, by=ANA, at=at, reason="complainant"),
    "resume": lambda desk, ref, at: desk.resume(ref, by=ANA, at=at),
    "extend": lambda desk, ref, at: desk.extend(ref, by=ANA, at=at, days=3, reason="complex"),
    "hear": lambda desk, ref, at: desk.receive_message(
        ref, by=ANA, at=at, text="Still nothing.", channel="phone"
    ),
    "fact": lambda desk, ref, at: desk.record_incident(ref, by=ANA, at=at, facts={"nights": "2"}),
    "classify": lambda desk, ref, at: desk.classify(ref, by=ANA, at=at, severity="high"),
    "reopen": lambda desk, ref, at: desk.reopen(ref, by=ANA, at=at, reason="mistake"),
}  # fmt: skip
steps = st.lists(
    st.tuples(st.sampled_from(sorted(ACTS)), st.sampled_from([0, 1]), st.integers(1, 3000)),
    max_size=6,
)


@given(steps=steps, merged_after=st.integers(1, 20_000), lasted=st.integers(1, 20_000))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_merging_and_unmerging_leave_every_row_as_it_was(
    desk: TestDesk, steps: list[tuple[str, int, int]], merged_after: int, lasted: int
) -> None:
    binder = Binder(desk.store, desk.vault)
    pair = desk.receive(), desk.receive(contact=Contact(name="Mrs Ode", phone="+44 20 7946 0001"))
    at = NINE
    for name, which, minutes in steps:
        at += minutes * MINUTE
        try:
            ACTS[name](desk.desk, pair[which], at)
        except Refused:
            continue
    before = everything(desk)

    at += merged_after * MINUTE
    binder.merge(pair[0], into=pair[1], by=ANA, at=at)
    assert everything(desk) != before
    binder.unmerge(pair[0], by=BO, at=at + lasted * MINUTE)

    assert everything(desk) == before


def test_a_merged_complaint_leaves_the_queue_and_its_promises_are_set_aside(
    desk: TestDesk, binder: Binder
) -> None:
    one, other = desk.receive(), desk.receive()
    binder.merge(one, into=other, by=ANA, at=NINE + MINUTE)
    desk.engine.catch_up()

    with desk.store.database.engine.connect() as conn:
        page = views.page(conn, "open", now=NINE + 30 * DAY)
        ticket, held = ticket_of(conn, one), ticket_of(conn, other)

    assert [line.reference for line in page.lines] == [other]
    assert ticket is not None
    assert held is not None
    assert (ticket.ties.into, held.ties.holds) == (other, (one,))
    assert {clock.state for clock in ticket.clocks} == {"cancelled"}
    assert ticket.alarm is None


def test_what_was_late_when_it_was_merged_stays_late(desk: TestDesk, binder: Binder) -> None:
    one, other = desk.receive(), desk.receive()
    binder.merge(one, into=other, by=ANA, at=NINE + 2 * DAY)
    desk.engine.catch_up()

    with desk.store.database.engine.connect() as conn:
        ticket = ticket_of(conn, one)

    assert ticket
    met = {clock.name: clock.met for clock in ticket.clocks}
    assert met["acknowledge"] is False
    assert met["explain"] is None


def test_a_split_runs_since_the_first_receipt_and_both_know_of_each_other(
    desk: TestDesk, binder: Binder
) -> None:
    first = desk.receive()
    desk.desk.record_incident(first, by=ANA, at=NINE, facts={"nights": "2"})
    done = binder.split(
        first, description="The driver was rude, too.", category="staff_conduct",
        by=ANA, at=NINE + DAY,
    )  # fmt: skip
    desk.engine.catch_up()
    second = reference_of(done)

    with desk.store.database.engine.connect() as conn:
        one, two = ticket_of(conn, first), ticket_of(conn, second)

    assert one is not None
    assert two is not None
    assert two.received_at == NINE
    assert two.complainant == one.complainant
    assert (two.category, one.category) == ("staff_conduct", "")
    assert [(k.complaint, k.kind) for k in one.ties.links] == [(second, "split")]
    assert [(k.complaint, k.kind) for k in two.ties.links] == [(first, "split")]
    assert desk.desk.state(second)[0].facts == {"nights": "2"}


def test_a_complaint_is_not_tied_to_itself_and_circles_are_refused(
    desk: TestDesk, binder: Binder
) -> None:
    one, other = desk.receive(), desk.receive()
    with pytest.raises(Invalid, match="same complaint"):
        binder.merge(one, into=one, by=ANA, at=NINE + HOUR)
    binder.merge(one, into=other, by=ANA, at=NINE + HOUR)

    with pytest.raises(Refused, match="Unmerge them first"):
        binder.merge(other, into=one, by=ANA, at=NINE + HOUR)
