"""How many days, hours and business days are owed, and until when?"""

from __future__ import annotations

import pytest

from tests.guarantees.given import PLAIN, assessed, guarantees, text


def owed(rule: str, *, as_of: str, **facts: object) -> tuple[str, str] | None:
    """The amount, one pound a period, and what will end it."""
    line = f'[[version.guarantee.amount]]\npays = "1.00"\naccrues = {{ {rule} }}'
    found = assessed(guarantees(text(PLAIN + line)), as_of=as_of, failure="late", **facts).owed
    return (str(found[0].money.amount), found[0].accrues_until) if found else None


DAYS = 'every = "1 day", from = "began", until = "ended"'
BUSINESS = 'every = "1 business day", from = "began", until = "ended"'
HOURS = 'from = "from_instant", until = "to_instant"'


@pytest.mark.parametrize(
    ("more", "ended", "wanted"),
    [
        ("", "2026-02-02", None),  # the day after is not over
        ("", "2026-02-04", "2.00"),
        (', first_day = "counts"', "2026-02-01", None),
        (', first_day = "counts"', "2026-02-02", "1.00"),
        (", started = true", "2026-02-01", None),
        (", started = true", "2026-02-02", "1.00"),
        (', started = true, first_day = "counts"', "2026-02-01", "1.00"),
        (", at_most = 3", "2026-03-01", "3.00"),
        (', no_longer_than = "2 days"', "2026-03-01", "2.00"),
        (', after = "2 days", first_day = "counts"', "2026-02-03", None),
        (', after = "2 days", first_day = "counts"', "2026-02-04", "1.00"),
    ],
)
def test_days_on_the_wall(more: str, ended: str, wanted: str | None) -> None:
    found = owed(DAYS + more, began="2026-02-01", ended=ended, as_of="2026-12-31")

    assert found == (None if wanted is None else (wanted, ""))


@pytest.mark.parametrize(
    ("more", "ended", "wanted"),
    [
        ("", "2026-04-07", None),  # Good Friday, a weekend and Easter Monday
        ("", "2026-04-08", "1.00"),
        (", started = true", "2026-04-06", None),
        (", started = true", "2026-04-07", "1.00"),
        (', first_day = "counts"', "2026-04-07", "1.00"),
        (', after = "2 business days", first_day = "counts"', "2026-04-09", "1.00"),
    ],
)
def test_business_days(more: str, ended: str, wanted: str | None) -> None:
    found = owed(BUSINESS + more, began="2026-04-02", ended=ended, as_of="2026-12-31")

    assert found == (None if wanted is None else (wanted, ""))


@pytest.mark.parametrize(
    ("every", "more", "end", "wanted"),
    [
        ("1 hour", "", "2026-03-29T02:59:59+01:00", "1.00"),  # clocks went forward at 01:00
        ("1 hour", "", "2026-03-29T03:00:00+01:00", "2.00"),
        ("1 hour", ", started = true", "2026-03-29T02:00:01+01:00", "2.00"),
        ("1 hour", ', no_longer_than = "5 hours"', "2026-04-29T02:00:01+01:00", "5.00"),
        ("12 hours", ', after = "1 hour"', "2026-03-29T14:00:00+01:00", "1.00"),
        ("2 business hours", "", "2026-03-30T13:00:00+01:00", "2.00"),
        ("2 business hours", "", "2026-03-30T12:59:59+01:00", "1.00"),
        ("1 business hour", ', after = "3 business hours"', "2026-03-30T13:00:00+01:00", "1.00"),
    ],
)
def test_hours_are_those_that_pass(every: str, more: str, end: str, wanted: str) -> None:
    rule = f'every = "{every}", {HOURS}{more}'

    found = owed(rule, from_instant="2026-03-29T00:00:00+00:00", to_instant=end, as_of="2026-12-31")

    assert found == (wanted, "")


def test_weeks() -> None:
    rule = 'every = "2 weeks", from = "began", until = "ended"'

    assert owed(rule, began="2026-02-01", ended="2026-03-01", as_of="2026-12-31") == ("1.00", "")
    assert owed(rule, began="2026-02-01", ended="2026-03-02", as_of="2026-12-31") == ("2.00", "")


def test_it_accrues_until_the_facts_close_it() -> None:
    began = {"began": "2026-02-01"}

    assert owed(DAYS, as_of="2026-02-02", **began) is None
    assert owed(DAYS, as_of="2026-02-03", **began) == ("1.00", "ended")
    assert owed(DAYS, as_of="2026-02-20", **began) == ("18.00", "ended")
    assert owed(DAYS, as_of="2026-02-20", ended="2026-02-10", **began) == ("8.00", "")


def test_what_has_reached_its_limit_accrues_no_more() -> None:
    began = {"began": "2026-02-01"}

    assert owed(DAYS + ", at_most = 3", as_of="2026-02-04", **began) == ("2.00", "ended")
    assert owed(DAYS + ", at_most = 3", as_of="2026-02-05", **began) == ("3.00", "")
    assert owed(DAYS + ', no_longer_than = "3 days"', as_of="2026-02-09", **began) == ("3.00", "")


def test_an_end_that_lies_ahead_is_not_reached_yet() -> None:
    facts = {"began": "2026-02-01", "ended": "2026-02-10"}

    assert owed(DAYS, as_of="2026-02-05", **facts) == ("3.00", "ended")
