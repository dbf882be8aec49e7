"""Does each promise have its row, whenever the policy comes to promise it?"""

from __future__ import annotations

from projections.clocks import table
from projections.rebuild import check
from recovery.policybook import adopt
from tests.cast import ADA, ANA, HOUR, NINE
from tests.desks import TestDesk

ONLY_FOR_CRITICAL = """
id = "critical-only"
title = "Promises for the critical alone"
source = "A test"
status = "confirmed"
zone = "Europe/London"

[[version]]
name = "first"
from = 2000-01-01

[[version.clock]]
name = "answer"
start = ["received"]
stop = ["explained"]

[[version.clock.target]]
when = { severity = ["critical"] }
within = "4 hours"
"""


def promises(desk: TestDesk) -> list[tuple[str, str]]:
    with desk.store.database.engine.connect() as conn:
        return [(r.clock, r.state) for r in conn.execute(table.select().order_by(table.c.clock))]


def test_a_promise_that_only_a_later_classification_makes_is_kept(desk: TestDesk) -> None:
    adopt(desk.store, desk.policies, ONLY_FOR_CRITICAL, by=ADA, at=NINE, reason="A trial.")
    reference = desk.receive(policy="critical-only")
    desk.engine.catch_up()
    assert promises(desk) == [("", "unpromised")]

    desk.desk.classify(reference, by=ANA, at=NINE + HOUR, severity="critical")
    desk.engine.catch_up()

    assert promises(desk) == [("answer", "running")]
    assert all(found.identical for found in check(desk.engine))
