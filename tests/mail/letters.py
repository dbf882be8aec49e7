"""What Ana does for Mr Lee, and what became of the letters about it."""

from __future__ import annotations

from decimal import Decimal

from projections.deliveries import PROJECTION, Delivery, table
from recovery.events import delivery_stream
from recovery.money import Money
from tests.cast import ANA, HOUR, NINE
from tests.desks import TestDesk

NOWHERE = "smtp://127.0.0.1:9"
"""The discard port: nobody listens."""


def rows(desk: TestDesk) -> list[Delivery]:
    with desk.store.database.engine.connect() as conn:
        found = conn.execute(table.select().order_by(table.c.act)).mappings()
        return [Delivery(**{name: row[name] for name in PROJECTION.columns}) for row in found]


def topics(desk: TestDesk, delivery: str) -> list[str]:
    return [record.event.topic for record in desk.store.records(delivery_stream(delivery))]


def settle(desk: TestDesk, reference: str) -> None:
    """Everything Ana does for Mr Lee, an hour each."""
    act, told = desk.desk, "We found your parcel."
    act.acknowledge(reference, by=ANA, at=NINE + HOUR, message=told)
    act.explain(reference, by=ANA, at=NINE + 2 * HOUR, outcome="upheld", message=told)
    act.compensate(
        reference, by=ANA, at=NINE + 3 * HOUR, kind="redress", money=Money(Decimal("25.00"), "GBP"),
    )  # fmt: skip
    act.close(reference, by=ANA, at=NINE + 4 * HOUR, outcome="upheld")
