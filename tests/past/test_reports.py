"""Does the report as known at an instant say what it said then?"""

from __future__ import annotations

from projections import past, rebuild, sla
from projections.sla import Question
from tests.cast import ANA, DAY, HOUR, NINE
from tests.desks import TestDesk


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
