"""Is somebody who claims a guarantee told what is owed, or why nothing is?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from recovery.policy.clocks import Clock
from recovery.policy.guarantees.claims import Answer, answer
from recovery.policy.guarantees.known import Case
from recovery.policy.marks import claim_of
from tests.guarantees.given import PLAIN, guarantees, text

TEN = 'amount = [{ pays = "10.00" }]\n'
ASKED = PLAIN + 'claim = { within = "28 days", after = "occurred_on" }\n' + TEN
LATE_REPLY = 'name = "refund"\ncurrency = "GBP"\nclock = "reply"\n' + TEN
BY_DELAY = (
    'name = "refund"\ncurrency = "GBP"\nwhen = "size >= 1"\n'
    'amount = [{ by = "size", tier = [{ from = 15, pays = "5.00" }] }]\n'
)
AS_OF = datetime(2026, 6, 30, 12, tzinfo=UTC)


def claimed(
    guarantee: str, *, on: str = "", clocks: tuple[Clock, ...] = (), **facts: str
) -> Answer:
    """The answer to a claim that was made on a day at eleven, in London's summer."""
    told = facts | ({claim_of("refund"): f"{on}T10:00:00+00:00"} if on else {})
    return answer(guarantees(text(guarantee)), Case(told, clocks), AS_OF, "refund")


def test_the_answer_is_what_is_owed_and_how_it_came_about() -> None:
    found = claimed(ASKED, on="2026-06-28", failure="late", occurred_on="2026-06-01")

    assert [str(each.money) for each in found.owed] == ["10.00 GBP"]
    assert [step.kind for step in found.owed[0].trace] == ["fixed"]


def test_a_day_after_the_last_one_it_is_refused_with_that_day() -> None:
    found = claimed(ASKED, on="2026-06-30", failure="late", occurred_on="2026-06-01")

    [refused] = found.refused
    assert (refused.reason, str(refused.day)) == ("claimed_late", "2026-06-29")


def test_a_claim_that_was_never_made_is_none() -> None:
    found = claimed(ASKED, failure="late", occurred_on="2026-06-01")

    assert found.refused[0].reason == "not_claimed"


@pytest.mark.parametrize(
    ("guarantee", "facts", "reason", "about"),
    [
        (PLAIN + TEN, {"failure": "broken"}, "not_met", ("failure=broken",)),
        (PLAIN + TEN, {}, "missing", ("failure",)),
        (LATE_REPLY, {}, "kept", ("reply",)),
        (BY_DELAY, {"size": "14"}, "nothing_due", ()),
        (PLAIN + 'in_order = ["began", "ended"]\n' + TEN,
         {"failure": "late", "began": "2026-06-02", "ended": "2026-06-01"},
         "contradictory", ("began", "ended")),
        (PLAIN + TEN + '[[version.guarantee.exclusion]]\nwhen = "urgent"\nreason = "A storm."\n',
         {"failure": "late", "urgent": "yes"}, "excluded", ("A storm.",)),
    ],
)  # fmt: skip
def test_a_refusal_names_what_stands_against_it(
    guarantee: str, facts: dict[str, str], reason: str, about: tuple[str, ...]
) -> None:
    [refused] = claimed(guarantee, on="2026-06-28", **facts).refused

    assert (refused.reason, refused.about) == (reason, about)
