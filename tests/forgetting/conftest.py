"""A desk with its people that takes mail in, on which complainants can be forgotten."""

from __future__ import annotations

import pytest

from tests.cast import PEOPLE
from tests.desks import TestDesk
from tests.mail.intake.conftest import MailDesk


@pytest.fixture
def people() -> list[str]:
    """Who works here: the database that a test gets has them."""
    return list(PEOPLE)


@pytest.fixture
def mail(desk: TestDesk, people: list[str]) -> MailDesk:
    return MailDesk(desk)
