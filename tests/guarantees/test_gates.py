"""What stands between a failure and the money, and is it said?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from recovery.policy.clocks import Clock
from recovery.policy.guarantees.known import Earlier
from recovery.policy.guarantees.trace import Assessment, Refusal
from tests.guarantees.given import PLAIN, amounts, assessed, guarantees, refusals, text

TEN = 'amount = [{ pays = "10.00" }]\n'
DAILY = """
[[version.guarantee.amount]]
pays = "10.00"
accrues = { every = "1 day", from = "began", until = "ended" }
"""


def only(found: Assessment) -> Refusal:
    (refused,) = found.refused
    assert not found.owed
    return refused


# ---------------------------------------------------------------- facts


def test_a_complaint_without_the_failure_is_none_of_its_business() -> None:
    found = guarantees(text(PLAIN + TEN))

    assert assessed(found) == Assessment()
    assert assessed(found, failure="early") == Assessment()


def test_missing_facts_are_named() -> None:
    rules = PLAIN.replace('"late"\'', '"late" && size > 3\'')

    refused = only(assessed(guarantees(text(rules + TEN)), failure="late"))

    assert (refused.reason, refused.about) == ("missing", ("size",))


def test_a_fact_that_cannot_be_read_is_missing() -> None:
    rules = PLAIN + 'amount = [{ pays = "25 %", of = "fee" }]'

    for fee in ("", "much", "NaN", "Infinity"):
        refused = only(assessed(guarantees(text(rules)), failure="late", fee=fee))
        assert (refused.reason, refused.about) == ("missing", ("fee",))


@pytest.mark.parametrize("fee", ["-0.01", "1000000000000"])
def test_negative_and_absurd_amounts_are_not_used(fee: str) -> None:
    rules = PLAIN + 'amount = [{ pays = "25 %", of = "fee" }]'

    refused = only(assessed(guarantees(text(rules)), failure="late", fee=fee))

    assert (refused.reason, refused.about) == ("unusable", ("fee",))


def test_an_amount_that_is_absurd_in_the_end_is_not_owed() -> None:
    rules = PLAIN + 'for_each = "passengers"\namount = [{ pays = "10.00" }]'

    refused = only(assessed(guarantees(text(rules)), failure="late", passengers="200000000000"))

    assert (refused.reason, refused.about) == ("unusable", ("passengers",))


def test_facts_that_contradict_each_other_give_no_amount() -> None:
    found = guarantees(text(PLAIN + 'in_order = ["began", "ended"]\n' + DAILY))

    refused = only(assessed(found, failure="late", began="2026-02-05", ended="2026-02-01"))

    assert (refused.reason, refused.about) == ("contradictory", ("began", "ended"))
    assert assessed(found, failure="late", began="2026-02-05", ended="2026-02-05").refused == ()


def test_an_instant_and_a_day_contradict_each_other_as_days() -> None:
    rules = PLAIN + 'in_order = ["from_instant", "ended"]\n' + TEN
    found = guarantees(text(rules))

    same_day = assessed(
        found, failure="late", from_instant="2026-02-01T15:00:00+00:00", ended="2026-02-01"
    )
    day_before = assessed(
        found, failure="late", from_instant="2026-02-01T15:00:00+00:00", ended="2026-01-31"
    )

    assert same_day.refused == ()
    assert refusals(day_before) == [("refund", "contradictory")]


def test_facts_that_belong_together_are_told_all_or_none() -> None:
    found = guarantees(text(PLAIN + 'together = ["size", "note"]\n' + TEN))

    assert only(assessed(found, failure="late", size=3)).about == ("note",)
    assert len(assessed(found, failure="late", size=3, note="x").owed) == 1
    assert len(assessed(found, failure="late").owed) == 1


def test_an_exclusion_says_its_reason() -> None:
    rules = TEN + "[[version.guarantee.exclusion]]\nwhen = 'size > 9'\nreason = \"Too large\"\n"
    found = guarantees(text(PLAIN + rules))

    refused = only(assessed(found, failure="late", size=10))

    assert (refused.reason, refused.about) == ("excluded", ("Too large",))
    assert len(assessed(found, failure="late", size=9).owed) == 1
    assert only(assessed(found, failure="late")).reason == "missing"


# ---------------------------------------------------------------- claims


CLAIM = 'claim = { within = "28 days", after = "began" }\n' + TEN


def test_nothing_is_owed_before_it_is_claimed() -> None:
    found = guarantees(text(PLAIN + CLAIM))

    assert only(assessed(found, failure="late", began="2026-02-01")).reason == "not_claimed"
    assert only(assessed(found, failure="late", claimed=False)).reason == "not_claimed"


@pytest.mark.parametrize(("day", "late"), [("2026-03-01", False), ("2026-03-02", True)])
def test_a_claim_has_its_time(day: str, late: bool) -> None:
    found = guarantees(text(PLAIN + CLAIM))

    result = assessed(found, failure="late", began="2026-02-01", claimed_on=day)

    if late:
        assert only(result) == Refusal("refund", "incident", "claimed_late", day=date(2026, 3, 1))
    else:
        assert amounts(result) == [("refund", "10.00 GBP")]


def test_a_claim_without_a_day_was_made_with_the_complaint() -> None:
    found = guarantees(text(PLAIN + CLAIM))
    facts = {"failure": "late", "began": "2026-02-01", "claimed": True}

    in_time = assessed(found, received=datetime(2026, 3, 1, 12, tzinfo=UTC), **facts)  # type: ignore[arg-type]
    late = assessed(found, received=datetime(2026, 3, 2, 12, tzinfo=UTC), **facts)  # type: ignore[arg-type]

    assert amounts(in_time) == [("refund", "10.00 GBP")]
    assert only(late).reason == "claimed_late"


# ---------------------------------------------------------------- clocks

DUE = datetime(2026, 3, 9, 23, 59, 59, tzinfo=UTC)  # a Monday
REPLY = 'name = "late_reply"\ncurrency = "GBP"\nclock = "reply"\n'
PER_DAY = """
at_most = "50.00"
[[version.guarantee.amount]]
pays = "5.00"
accrues = { every = "1 business day", from = "breach", until = "answer", started = true }
"""


def clock(stopped: datetime | None, *, cycle: int = 1) -> Clock:
    met = None if stopped is None else stopped <= DUE
    state = "running" if stopped is None else "stopped"
    return Clock("reply", cycle, state, DUE.replace(day=2), DUE, stopped, met, "5 business days")


def answered(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stopped", "as_of", "wanted"),
    [
        (None, "2026-03-09", []),
        (None, "2026-03-10", ["5.00 GBP"]),
        (answered(9), "2026-12-31", []),
        (answered(10), "2026-12-31", ["5.00 GBP"]),
        (answered(13), "2026-12-31", ["20.00 GBP"]),
        (answered(16), "2026-12-31", ["25.00 GBP"]),
        (answered(31), "2026-12-31", ["50.00 GBP"]),
        (answered(31), "2026-03-11", ["10.00 GBP"]),
    ],
)
def test_a_late_answer_costs_five_pounds_for_each_started_business_day(
    stopped: datetime | None, as_of: str, wanted: list[str]
) -> None:
    found = guarantees(text(REPLY + PER_DAY))

    result = assessed(found, clocks=(clock(stopped),), as_of=as_of)

    assert [str(each.money) for each in result.owed] == wanted


def test_each_cycle_is_an_occurrence_of_its_own_unless_it_is_owed_once() -> None:
    clocks = (clock(answered(11)), clock(answered(12), cycle=2))

    each = assessed(guarantees(text(REPLY + TEN)), clocks=clocks)
    once = assessed(guarantees(text(REPLY + "times = 1\n" + TEN)), clocks=clocks)

    assert [found.occurrence for found in each.owed] == ["reply/1", "reply/2"]
    assert [found.occurrence for found in once.owed] == ["reply/1"]
    assert refusals(once) == [("late_reply", "often_enough")]


def test_owed_from_the_breach_or_only_once_the_late_answer_is_there() -> None:
    now = assessed(guarantees(text(REPLY + TEN)), clocks=(clock(None),))
    later = guarantees(text(REPLY + 'at = "answer"\n' + TEN))

    assert len(now.owed) == 1
    assert assessed(later, clocks=(clock(None),)) == Assessment()
    assert len(assessed(later, clocks=(clock(answered(11)),)).owed) == 1


def test_a_cancelled_clock_that_was_late_stays_late() -> None:
    cancelled = Clock("reply", 1, "cancelled", DUE, DUE, answered(11), False, "5 business days")

    assert len(assessed(guarantees(text(REPLY + TEN)), clocks=(cancelled,)).owed) == 1


# ---------------------------------------------------------------- late payment

PAID_LATE = """
name = "late_payment"
currency = "GBP"
unpaid = "refund"
amount = [{ pays = "50 %", of = "unpaid" }]
pay_by = { within = "10 business days", after = "pay_by" }
"""
PAID = PLAIN + TEN + 'pay_by = { within = "5 days", after = "began" }\n'


def test_a_payment_that_is_late_has_a_guarantee_of_its_own() -> None:
    found = guarantees(text(PAID, PAID_LATE))
    facts = {"failure": "late", "began": "2026-02-01"}
    paid = {("refund", "incident"): date(2026, 2, 7)}

    assert len(assessed(found, as_of="2026-02-06", **facts).owed) == 1
    late = assessed(found, as_of="2026-02-07", **facts).owed
    assert [(str(each.money), each.pay_by) for each in late] == [
        ("10.00 GBP", date(2026, 2, 6)), ("5.00 GBP", date(2026, 2, 20)),
    ]  # fmt: skip
    assert len(assessed(found, as_of="2026-03-01", paid=paid, **facts).owed) == 2
    paid = {("refund", "incident"): date(2026, 2, 6)}
    assert len(assessed(found, as_of="2026-03-01", paid=paid, **facts).owed) == 1
    assert len(assessed(found, as_of="2026-03-01", paid_on="2026-02-06", **facts).owed) == 1


# ---------------------------------------------------------------- years and harms


def had(*days: str) -> list[Earlier]:
    return [Earlier("refund", date.fromisoformat(day), Decimal("10.00")) for day in days]


def test_so_often_in_a_year() -> None:
    found = guarantees(text(PLAIN + 'a_year = { times = 2, starts = "04-01" }\n' + TEN))
    facts = {"failure": "late", "occurred_on": "2026-03-31"}

    before, within = had("2025-03-31", "2025-04-01"), had("2025-04-01", "2026-03-31")

    assert len(assessed(found, earlier=before, **facts).owed) == 1
    assert only(assessed(found, earlier=within, **facts)).reason == "year_used_up"
    assert len(assessed(found, earlier=had("2026-04-01", "2026-04-02"), **facts).owed) == 1


def test_so_much_in_a_year() -> None:
    found = guarantees(text(PLAIN + 'a_year = { amount = "25.00" }\n' + TEN))
    facts = {"failure": "late", "occurred_on": "2026-03-31"}

    def granted(*days: str) -> list[tuple[str, str]]:
        return amounts(assessed(found, earlier=had(*days), **facts))

    assert granted("2026-01-01") == [("refund", "10.00 GBP")]
    assert granted("2026-01-01", "2026-01-02") == [("refund", "5.00 GBP")]
    assert granted("2026-01-01", "2026-01-02", "2026-01-03") == []


def test_of_statute_and_promise_against_one_harm_the_greater_is_owed() -> None:
    statute = PLAIN.replace("refund", "by_law") + 'harm = "delay"\nbasis = "statute"\n'
    promise = PLAIN.replace("refund", "by_us") + 'harm = "delay"\n'
    fee = 'amount = [{ pays = "50 %", of = "fee" }]'
    found = guarantees(text(statute + TEN, promise + fee, PLAIN + TEN))

    small, large = (assessed(found, failure="late", fee=fee) for fee in ("18", "22"))

    assert amounts(small) == [("by_law", "10.00 GBP"), ("refund", "10.00 GBP")]
    assert amounts(large) == [("by_us", "11.00 GBP"), ("refund", "10.00 GBP")]
    assert [(each.guarantee, each.about) for each in large.refused] == [("by_law", ("by_us",))]
