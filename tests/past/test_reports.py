"""Does the report as known at an instant say what it said then?"""

from __future__ import annotations

from decimal import Decimal

from projections import past, rebuild, sla
from projections.past import Cut
from projections.payout_position import position
from projections.sla import Question
from recovery.desk import reference_of
from recovery.money import Money
from tests.cast import ANA, DAY, HOUR, NINE
from tests.desks import MR_LEE, TestDesk
from tests.web.conftest import runtime, settings  # noqa: F401
from web.reports import knowing
from web.runtime import Runtime


def test_a_report_as_known_then_is_the_one_that_was_shown_then(desk: TestDesk) -> None:
    question = Question(as_of=NINE + DAY, zone="Europe/London")
    with desk.store.database.engine.connect() as conn:
        first, second = desk.receive(), desk.receive()
        desk.desk.acknowledge(first, by=ANA, at=NINE + HOUR)
        desk.engine.catch_up()
        shown, known_at = sla.report(conn, question), desk.store.now()

        desk.desk.acknowledge(second, by=ANA, at=NINE + HOUR)  # told a day later
        desk.receive(at=NINE)
        desk.engine.catch_up()
        with desk.store.database.connection() as raw:
            position = past.position_at(raw, known_at)
        with rebuild.as_known(desk.engine, ("cycles", "clocks"), position) as schema:
            then = sla.report(conn, question, schema=schema)
        now = sla.report(conn, question)

    assert then == shown
    assert now != shown


def test_the_books_as_of_an_instant_are_those_that_were_shown_then(
    runtime: Runtime,  # noqa: F811
) -> None:
    """By what was true and by what was known; as of now they are those of now."""
    zone, seen = "Europe/London", []
    reference = reference_of(runtime.desk.receive(
        by=ANA, at=NINE, description="No heating.", contact=MR_LEE
    ))  # fmt: skip
    for n in range(1, 4):
        at = NINE + n * DAY
        runtime.desk.compensate(
            reference, by=ANA, role="agent", kind="goodwill", at=at,
            money=Money(Decimal(n), "GBP"), message="We are sorry.",
        )  # fmt: skip
        runtime.engine.catch_up()
        with knowing.books(runtime, None, now=at) as (conn, _):
            shown = position(conn, runtime.policies, now=at, zone=zone)
        seen.append((at, runtime.store.now(), shown))
    later = runtime.store.now()

    for at, known_at, shown in seen:
        for cut in (Cut(true_at=at), Cut(true_at=at, known_at=known_at)):
            with knowing.books_then(runtime, cut, now=later) as conn:
                assert position(conn, runtime.policies, now=at, zone=zone) == shown
    with knowing.books_then(runtime, Cut(true_at=later, known_at=later), now=later) as conn:
        then = position(conn, runtime.policies, now=later, zone=zone)
    with knowing.books(runtime, None, now=later) as (conn, _):
        assert then == position(conn, runtime.policies, now=later, zone=zone)
    assert len({str(shown.balances) for _, _, shown in seen}) == 3
