"""Days of a desk, and a look at what its projections made of them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from recovery.delivery import delivery_id
from recovery.events import PaperRef, Queued, Recorded, Sent, delivery_stream
from recovery.money import Money
from recovery.vault import Contact
from tests.cast import ANA, BO, COMPLAINANT, DAY, HOUR, NINE
from tests.desks import TestDesk

MS_GREEN = Contact(name="Ms Green", phone="01632 960001")


def read(desk: TestDesk) -> sa.Connection:
    return desk.store.database.engine.connect()


def a_busy_day(desk: TestDesk) -> str:
    """A complaint through most of what can happen; returns its reference."""
    d, reference = desk.desk, desk.receive(channel="letter", attributes={"region": "north"})
    d.assign(reference, by=ANA, at=NINE + HOUR, agent=ANA)
    d.acknowledge(reference, by=ANA, at=NINE + HOUR)
    d.add_note(reference, by=BO, at=NINE + HOUR, text="Called the depot.")
    d.pause(reference, by=ANA, at=NINE + 2 * HOUR, reason="complainant", words="Asked for photo")
    d.receive_message(reference, by=COMPLAINANT, at=NINE + DAY, text="Here it is.", channel="email")
    d.classify(reference, by=ANA, at=NINE + DAY, category="lost", severity="high")
    d.explain(reference, by=ANA, at=NINE + DAY, outcome="upheld", message="We lost it. Sorry.")
    d.compensate(
        reference, by=ANA, at=NINE + DAY, kind="redress", money=Money.parse("25", "GBP")
    )  # fmt: skip
    d.close(reference, by=ANA, at=NINE + 2 * DAY, outcome="upheld")
    a_letter_leaves(desk, reference)
    return reference


def a_letter_leaves(desk: TestDesk, reference: str) -> None:
    """What the post records of the first letter."""
    stream = delivery_stream(delivery_id(reference, 1))
    common: dict[str, Any] = {"at": NINE, "by": "system:post", "complaint": reference}
    queued = Queued(
        **common, act=1, kind="received", language="en", letter=PaperRef("p", "d"),
        message_id="<1@desk.example>",
    )  # fmt: skip
    sent = Sent(**common, transport="smtp")
    desk.store.append([Recorded(stream, 1, queued), Recorded(stream, 2, sent)])
