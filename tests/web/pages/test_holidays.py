"""Are holidays called by their names in the viewer's language?"""

from __future__ import annotations

import holidays
import pytest

from tests.cast import NINE
from web.pages.holidays import NAMES, OBSERVED, called
from web.pages.viewer import Viewer

CHINESE = Viewer(language="zh", zone="Europe/London", scheme="auto", now=NINE)
ENGLISH = Viewer(language="en", zone="Europe/London", scheme="auto", now=NINE)


def test_a_holiday_and_the_day_it_is_kept_on_have_names() -> None:
    assert called("Boxing Day", CHINESE) == "节礼日"
    assert called("Boxing Day (observed)", CHINESE) == "节礼日（补休）"
    assert called("Boxing Day (observed)", ENGLISH) == "Boxing Day (observed)"
    assert called("Founder's Day", CHINESE) == "Founder's Day"


@pytest.mark.parametrize(("country", "part"), [("GB", "ENG"), ("GB", "NIR"), ("US", None)])
def test_each_holiday_of_our_calendars_is_known(country: str, part: str | None) -> None:
    days = holidays.country_holidays(country, subdiv=part, years=range(2024, 2030))

    assert {name.removesuffix(OBSERVED) for name in days.values()} <= set(NAMES)
