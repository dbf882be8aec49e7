"""Is each measure what happened in the stream, and left out where it is not known?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from msgspec.structs import replace

from projections import clocks, fairness, fairness_counts
from projections.fairness_measures import KEPT, MEASURES
from projections.fairness_names import Known
from projections.table import Changes, Given, Rows
from recovery.database import Database
from recovery.events import (
    Acknowledged,
    Assigned,
    Closed,
    Compensated,
    Due,
    Escalated,
    Event,
    Explained,
    Extended,
    IncidentRecorded,
    Letter,
    LetterLeft,
    LetterReturned,
    Merged,
    MessageReceived,
    OutcomeAccepted,
    Paid,
    PaperRef,
    Paused,
    Received,
    Recorded,
    Reopened,
    Resumed,
    Surveyed,
    complaint_stream,
    payout_stream,
)
from recovery.fairness.records import Question
from recovery.money import Money
from recovery.policy.adopt import adoption
from recovery.policy.library import NONE, Policies
from recovery.policy.packs import pack_text
from tests import templates
from tests.cast import ANA, BO, COMPLAINANT, DAY, HOUR, NINE, SUE
from tests.conftest import fresh_database

AS_OF = NINE + 30 * DAY
PAPER = PaperRef("p1", "d1")
Measured = Callable[..., dict[str, tuple[int, float | None]]]


def letter(kind: str, *, language: str = "en", **more: object) -> Letter:
    return Letter(kind, language, PAPER, **more)  # type: ignore[arg-type]


def received(**more: object) -> Received:
    return Received(**{
        "at": NINE, "by": ANA, "complainant": "lee", "channel": "phone", "language": "en",
        "policy": "house", "policy_version": "", **more,
    })  # type: ignore[arg-type]  # fmt: skip


def pounds(amount: str, currency: str = "GBP") -> Money:
    return Money(Decimal(amount), currency)


def due(complaint: str, amount: str) -> Due:
    return Due(
        at=NINE + DAY, by="system:clock", complaint=complaint, money=pounds(amount),
        guarantee="late", occurrence="1", policy="house", policy_version="",
    )  # fmt: skip


def paid(complaint: str, amount: str) -> Paid:
    return Paid(
        at=NINE + 5 * DAY, by="system:bank", complaint=complaint, money=pounds(amount),
        payment="x",
    )  # fmt: skip


STORIES: dict[str, tuple[Event, ...]] = {
    "KIND": (
        received(desired_outcomes=("compensation",)),
        Assigned(at=NINE, by=ANA, agent=ANA),
        IncidentRecorded(at=NINE, by=ANA, facts={"loss": "50.00", "currency": "GBP"}),
        Acknowledged(at=NINE + HOUR, by=ANA, letter=letter("acknowledged")),
        Explained(at=NINE + 26 * HOUR, by=ANA, outcome="upheld", cause_code="late",
                  letter=letter("explained")),
        Compensated(at=NINE + 26 * HOUR, by=ANA, kind="goodwill", money=pounds("25.00")),
        Closed(at=NINE + 26 * HOUR, by=ANA, outcome="upheld", wishes={"compensation": True}),
        OutcomeAccepted(at=NINE + 2 * DAY, by=COMPLAINANT),
        Surveyed(at=NINE + 3 * DAY, by=COMPLAINANT, experience=4, expected=2, fulfilled="yes",
                 process=5, treatment=5, returning="yes"),
        due("KIND", "10.00"), paid("KIND", "10.00"),
    ),
    "SLOW": (
        received(desired_outcomes=("compensation", "respect")),
        Assigned(at=NINE, by=ANA, agent=ANA),
        Assigned(at=NINE + DAY, by=ANA, agent=BO),
        MessageReceived(at=NINE + DAY, by=COMPLAINANT, message=PAPER, channel="email"),
        MessageReceived(at=NINE + 2 * DAY, by=COMPLAINANT, message=PAPER, channel="email"),
        Paused(at=NINE + 2 * DAY, by=BO, reason="complainant"),
        Resumed(at=NINE + 3 * DAY, by=BO),
        Extended(at=NINE + 4 * DAY, by=BO, days=3, reason="parts"),
        Escalated(at=NINE + 5 * DAY, by=BO, to="supervisors", reason="late"),
        Explained(at=NINE + 20 * DAY, by=BO, outcome="not_upheld",
                  letter=letter("explained", warned=("no_cause", "company_rule"))),
        Closed(at=NINE + 20 * DAY, by=BO, outcome="not_upheld",
               wishes={"respect": True, "compensation": False}),
        Reopened(at=NINE + 21 * DAY, by=COMPLAINANT, reason="disputed"),
        due("SLOW", "20.00"), due("SLOW", "5.00"), paid("SLOW", "10.00"),
    ),
    "EURO": (
        received(),
        IncidentRecorded(at=NINE, by=ANA, facts={"loss": "80.00", "currency": "GBP"}),
        Compensated(at=NINE + DAY, by=ANA, kind="redress", money=pounds("25.00", "EUR")),
        Closed(at=NINE + DAY, by=ANA, outcome="upheld"),
    ),
    "BACK": (
        received(),
        Acknowledged(at=NINE + HOUR, by=ANA,
                     letter=letter("acknowledged", leaves_at=NINE + 2 * HOUR)),
        LetterReturned(at=NINE + HOUR, by=ANA, kind="acknowledged", act=2, act_at=NINE + HOUR,
                       reason="cancelled"),
        Explained(at=NINE + 3 * HOUR, by=ANA, outcome="upheld",
                  letter=letter("explained", leaves_at=NINE + 5 * HOUR)),
        LetterLeft(at=NINE + 5 * HOUR, by="system:post", complaint="BACK", kind="explained",
                   act=4, act_at=NINE + 3 * HOUR),
    ),
    "GONE": (received(), Merged(at=NINE + HOUR, by=ANA, complaint="KIND")),
    "EARLY": (received(), Closed(at=NINE - DAY, by=ANA, outcome="upheld")),
    "OTHERS": (
        received(policy=NONE.policy, policy_version=NONE.version, source="cfpb:1"),
        Closed(at=NINE + DAY, by="system:import", outcome="not_known"),
    ),
}  # fmt: skip


def house() -> Policies:
    policies = Policies()
    policies.apply(adoption(pack_text("house"), by=SUE, at=NINE, reason="For a test"))
    return policies


def stories(policies: Policies) -> dict[str, list[Recorded]]:
    version = policies.latest("house") or ""
    told = {}
    for complaint, events in STORIES.items():
        told[complaint] = [
            Recorded(
                payout_stream(complaint) if isinstance(each, Due | Paid)
                else complaint_stream(complaint), n,
                bound(each, version),
            )
            for n, each in enumerate(events, 1)
        ]  # fmt: skip
    return told


def bound(event: Event, version: str) -> Event:
    if isinstance(event, Received) and event.policy == "house":
        return replace(event, policy_version=version)
    return event


@pytest.fixture(scope="module")
def measured(server_url: str) -> Iterator[Measured]:
    """The state and the value of each complaint that a measure compares."""
    policies = house()
    given = Given(policies)
    with fresh_database(server_url, templates.DESK) as url:
        database = Database(url, size=2).open()
        for projection in (fairness.PROJECTION, clocks.PROJECTION):
            rows: list[object] = []
            for records in stories(policies).values():
                found: tuple[object, ...] = ()
                for record in records:
                    if type(record.event) in projection.events:
                        found = projection.fold(found, record, given)  # type: ignore[arg-type]
                rows += projection.settle(found, given)  # type: ignore[arg-type]
            table: Rows[object] = Rows(projection)  # type: ignore[arg-type]
            with database.dedicated() as conn:
                table.write(conn, Changes(fresh=rows))

        def one(measure: str, currency: str = "GBP") -> dict[str, tuple[int, float | None]]:
            question = Question(measure=measure, group="channel", as_of=AS_OF, currency=currency)
            with database.engine.connect() as conn:
                known = Known((), (), ("acknowledge",))
                asked = fairness_counts.resolve(question, known)
                rows = fairness_counts.listed(
                    conn, question, asked, group="phone", stratum="", most=100
                )
            return {complaint: (state, value) for complaint, state, value in rows}

        yield one
        database.close()


def values(found: dict[str, tuple[int, float | None]]) -> dict[str, float | None]:
    return {name: value for name, (_, value) in found.items()}


def yes(found: dict[str, tuple[int, float | None]]) -> tuple[set[str], set[str]]:
    """Of whom it is so, and of whom it is not."""
    return ({name for name, (state, _) in found.items() if state == 1},
            {name for name, (state, _) in found.items() if state == 0})  # fmt: skip


CLOSED = {"KIND", "SLOW", "EURO", "EARLY"}
EXPECTED_SHARES = {
    "any_relief": {"KIND", "EURO"},
    "money_relief": {"KIND", "EURO"},
    "contested": {"SLOW"},
    "reopened": {"SLOW"},
    "escalated": {"SLOW"},
}


@pytest.mark.parametrize("measure", EXPECTED_SHARES)
def test_shares_count_closed_complaints(measured: Measured, measure: str) -> None:
    so, not_so = yes(measured(measure))

    assert so == EXPECTED_SHARES[measure]
    assert so | not_so == CLOSED | {"OTHERS"}


def test_what_a_source_cannot_say_is_not_known(measured: Measured) -> None:
    for measure in ("accepted", "first_contact", "survey_answered"):
        assert "OTHERS" not in measured(measure)


def test_settled_on_first_contact_is_without_a_word_more(measured: Measured) -> None:
    assert yes(measured("first_contact")) == ({"KIND", "EURO", "EARLY"}, {"SLOW"})


def test_wishes_are_met_as_the_complainant_says_or_as_the_stream_shows(
    measured: Measured,
) -> None:
    assert yes(measured("wish_met")) == ({"KIND"}, set())
    assert yes(measured("wishes_met")) == ({"KIND"}, {"SLOW"})
    assert yes(measured("compensation_wish_met")) == ({"KIND"}, {"SLOW"})


def test_what_the_survey_says_counts_for_those_who_answered(measured: Measured) -> None:
    assert yes(measured("survey_answered")) == ({"KIND"}, {"SLOW", "EURO", "EARLY"})
    assert values(measured("survey_experience")) == {"KIND": 4.0}
    assert values(measured("survey_against_expectation")) == {"KIND": 2.0}
    assert yes(measured("would_return")) == ({"KIND"}, set())


def test_working_time_is_that_of_the_policys_calendar(measured: Measured) -> None:
    """Monday to half past five, then Tuesday from nine: ten and a half hours."""
    assert values(measured("working_time_to_acknowledge"))["KIND"] == 3_600
    assert values(measured("working_time_to_explain"))["KIND"] == 10.5 * 3_600


def test_working_time_is_not_known_without_a_calendar(measured: Measured) -> None:
    assert "OTHERS" not in measured("working_time_to_close")
    assert "OTHERS" in measured("time_to_close")


def test_who_was_closed_before_they_came_is_in_no_time(measured: Measured) -> None:
    assert "EARLY" not in measured("time_to_close")
    assert "EARLY" not in measured("working_time_to_close")


def test_an_act_whose_letter_was_taken_back_told_nobody(measured: Measured) -> None:
    assert measured("time_to_acknowledge")["BACK"] == (0, 30 * 86_400)


def test_an_act_counts_from_when_its_letter_left(measured: Measured) -> None:
    assert measured("time_to_explain")["BACK"] == (1, 5 * 3_600)


def test_who_is_answered_under_another_complaint_is_not_compared(measured: Measured) -> None:
    assert all("GONE" not in measured(measure) for measure in MEASURES)


def test_money_against_the_loss_is_within_one_currency(measured: Measured) -> None:
    assert values(measured("amount_against_loss")) == {"KIND": 0.5}
    assert values(measured("amount")) == {"KIND": 25.0}
    assert values(measured("amount", "EUR")) == {"EURO": 25.0}


def test_money_against_the_policy_is_what_was_paid_of_what_is_owed(measured: Measured) -> None:
    assert values(measured("amount_against_policy")) == {"KIND": 1.0, "SLOW": 0.4}


def test_a_promise_that_was_broken_is_not_every_promise_kept(measured: Measured) -> None:
    so, not_so = yes(measured("promises_kept"))

    assert ("KIND" in so, "SLOW" in not_so) == (True, True)
    assert yes(measured(f"{KEPT}acknowledge"))[0] >= {"KIND"}


def test_steps_are_counted(measured: Measured) -> None:
    found = {m: values(measured(m))["SLOW"]
             for m in ("contacts", "transfers", "extensions", "requests")}  # fmt: skip

    assert found == {"contacts": 2, "transfers": 1, "extensions": 1, "requests": 1}


def test_warnings_of_the_check_of_words_count_letters_in_own_words(measured: Measured) -> None:
    assert yes(measured("warned_words")) == ({"SLOW"}, {"KIND"})
    assert values(measured("warnings")) == {"KIND": 0, "SLOW": 2}


def test_an_explanation_is_complete_with_cause_consequence_language_and_words(
    measured: Measured,
) -> None:
    assert yes(measured("explanation_complete")) == ({"KIND"}, {"SLOW"})
    assert values(measured("explanation_parts")) == {"KIND": 4, "SLOW": 3}


def test_every_measure_can_be_asked_of_every_complaint(measured: Measured) -> None:
    for measure in MEASURES:
        assert set(measured(measure)) <= set(STORIES)
