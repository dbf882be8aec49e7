"""The ways in which other helpdesks get promises of time wrong: how time is counted."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from recovery.policy import clocks
from recovery.policy.schema import PolicyError
from tests.policy.conformance.row import EIGHT_HOURS, MONDAY, row, told
from tests.policy.given import REPLY, adopted, at, mark, office, only, policy


@row(1, "A clock spans the spring and the autumn clock change of its zone",
     "Elapsed seconds are exact: no hour too many or too few",
     "dbt_zendesk #116, Frappe Helpdesk")  # fmt: skip
def clock_changes() -> None:
    night = office("22:00-06:00 next day")
    day = adopted(policy(REPLY + 'within = "24 hours"'))

    spring = night.elapsed(at("2026-03-27T12:00"), at("2026-03-28T12:00"))
    assert spring == 8 * 3600  # Friday night; the change comes a night later
    assert (
        office("00:00-24:00", closed=()).elapsed(
            at("2026-10-23T00:00+01:00"), at("2026-10-27T00:00+00:00")
        )
        == 48 * 3600
    )  # Friday and Monday
    due = only(day, mark("received", "2026-03-28T18:00")).due
    assert due == at("2026-03-29T19:00+01:00")
    assert only(day, mark("received", "2026-10-24T18:00+01:00")).due == at("2026-10-25T17:00")


@row(2, "A window ends at 24:00 and the next starts at 00:00", "No minute is lost",
     "Zammad #3180")  # fmt: skip
def midnight_is_seamless() -> None:
    always = office("00:00-24:00")

    assert always.elapsed(at("2026-03-02T23:59"), at("2026-03-03T00:01")) == 120
    assert always.due(at("2026-03-02T23:00"), 7200) == at("2026-03-03T01:00")


@row(3, "A night shift from 22:00 to 06:00", "It is supported", "Frappe Helpdesk, Request Tracker")
def night_shift() -> None:
    night = office("22:00-06:00 next day")

    assert night.due(at("2026-03-02T23:00"), 6 * 3600) == at("2026-03-03T05:00")
    assert night.due(at("2026-03-02T23:00"), 8 * 3600) == at("2026-03-03T23:00")


@row(4, "A lunch gap: two windows a day", "They are counted as two",
     "Helpdesk #2212, Chatwoot, Request Tracker")  # fmt: skip
def lunch() -> None:
    gap = office("09:00-12:30", "13:30-17:30")

    assert gap.due(at("2026-03-02T12:00"), 3600) == at("2026-03-02T14:00")


@row(5, "Two pauses that start in the same minute; a pause of 20 seconds",
     "Both are counted to the second", "Zammad (source)")  # fmt: skip
def short_pauses() -> None:
    version = adopted(policy(EIGHT_HOURS))
    story = (
        MONDAY,
        mark("paused", "2026-03-02T10:00:01"), mark("resumed", "2026-03-02T10:00:21"),
        mark("paused", "2026-03-02T10:00:30"), mark("resumed", "2026-03-02T10:01:00"),
    )  # fmt: skip

    assert only(version, *story).due == at("2026-03-02T17:00:50")


@row(11, "A calendar without working time", "It is refused when it is saved",
     "Frappe Helpdesk: an endless loop")  # fmt: skip
def no_working_time() -> None:
    with pytest.raises(PolicyError, match='calendar "office": monday: this calendar has no'):
        adopted(policy(EIGHT_HOURS, calendar="closures = []"))


@row(29, "A receipt is backdated: the letter arrived yesterday",
     "The clock counts from the receipt, and the entry is kept too",
     "no helpdesk does it")  # fmt: skip
def backdated() -> None:
    version = adopted(policy(EIGHT_HOURS))
    entered = at("2026-03-03T10:00")
    story = replace(told(version, MONDAY), recorded_at=entered)

    (clock,) = clocks.run(version, story)

    assert (clock.started_at, clock.due) == (at("2026-03-02T09:00"), at("2026-03-02T17:00"))
    assert story.recorded_at == entered


@row(31, "A statutory deadline in weeks beside one in working days to the close of business",
     "Both kinds", "only ComplaintLab has them")  # fmt: skip
def weeks_and_days() -> None:
    weeks = adopted(policy(REPLY + 'within = "8 weeks"'))
    close = adopted(policy(REPLY + 'within = "3 business days"\nends = "close of business"'))
    received = mark("received", "2026-03-02T18:30")

    assert only(weeks, received).due == at("2026-04-27T23:59:59+01:00")
    assert only(close, received).due == at("2026-03-05T17:00")
