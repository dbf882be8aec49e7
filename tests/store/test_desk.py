"""Does the desk take only what can be kept, shown and reckoned with?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from recovery.errors import Invalid, Refused
from tests.cast import ANA, DAY, NINE
from tests.desks import TestDesk


@pytest.mark.parametrize(
    "until", [datetime(9999, 12, 31, 23, 59, tzinfo=UTC), datetime(2026, 3, 9)], ids=str
)
def test_a_wait_ends_at_an_instant_that_can_be_reckoned_with(
    desk: TestDesk, until: datetime
) -> None:
    reference = desk.receive()

    with pytest.raises(Invalid) as refusal:
        desk.desk.pause(reference, by=ANA, at=NINE + DAY, reason="complainant", until=until)

    assert refusal.value.field == "until"


def test_what_was_classified_wrongly_can_be_put_right_again(desk: TestDesk) -> None:
    reference = desk.receive(attributes={"region": "north"})
    desk.desk.classify(reference, by=ANA, at=NINE + DAY, attributes={"region": "south"})

    desk.desk.classify(reference, by=ANA, at=NINE + DAY, attributes={"region": "north"})

    with pytest.raises(Refused, match="Nothing was changed"):
        desk.desk.classify(
            reference, by=ANA, at=NINE + DAY, severity="normal", attributes={"region": "north"}
        )
    assert desk.desk.state(reference)[0].attributes == {"region": "north"}
