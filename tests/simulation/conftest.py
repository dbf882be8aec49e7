"""A desk with half a year of the demonstration's complaints, caught up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from projections.stories import Stretch
from projections.trial import Trial
from recovery.policy.adopt import adoption, house_policy
from tests import templates
from tests.cast import NINE, SUE
from tests.desks import TestDesk

COMPLAINTS = templates.STORIES


@pytest.fixture
def history(half_a_year: None, desk: TestDesk) -> TestDesk:
    return desk


def trial(text: str = "", *, policy: str = "house", days: int = 180) -> Trial:
    """The text (the house policy, unless given) tried on the last days before NINE."""
    proposed = adoption(text or house_policy(), by=SUE, at=NINE, reason="To see what it does.")
    stretch = Stretch(since=NINE - timedelta(days=days), until=NINE, policy=policy)
    return Trial(proposed=proposed, stretch=stretch, as_of=NINE)
