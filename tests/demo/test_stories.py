"""Could everything in the demonstration have happened at this desk, and is it worth looking at?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from recovery import reference
from recovery import text as texts
from recovery.complaint import Complaint
from recovery.events import (
    Acknowledged,
    Assigned,
    Classified,
    Closed,
    Compensated,
    Escalated,
    Event,
    Explained,
    Extended,
    IncidentRecorded,
    Letter,
    MessageReceived,
    MessageSent,
    NoteAdded,
    PaperRef,
    Paused,
    Received,
    Released,
    Reopened,
    Resumed,
    Surveyed,
    Withdrawn,
)  # fmt: skip
from recovery.mapper import decode, encode
from recovery.vault import Contact, Words
from web.demo.generate import LETTERS_FOR_FINISHED, LETTERS_FOR_OPEN, Chronicle
from web.demo.hours import STORM_LASTS
from web.demo.people import DEMO_USERS
from web.demo.stories import Story

UNTIL = datetime(2026, 11, 18, 15, 20, tzinfo=UTC)  # a Wednesday afternoon
MANY, DAYS = 3_000, 180

ACTS: dict[type[Event], Callable[[Complaint, Any], None]] = {
    Received: Complaint.receive,
    Acknowledged: Complaint.acknowledge,
    Explained: Complaint.explain,
    Compensated: Complaint.compensate,
    Closed: Complaint.close,
    Assigned: Complaint.assign,
    Released: Complaint.release,
    Classified: Complaint.classify,
    NoteAdded: Complaint.add_note,
    MessageReceived: Complaint.receive_message,
    MessageSent: Complaint.send_message,
    Paused: Complaint.pause,
    Resumed: Complaint.resume,
    Extended: Complaint.extend,
    Escalated: Complaint.escalate,
    Withdrawn: Complaint.withdraw,
    Reopened: Complaint.reopen,
    IncidentRecorded: Complaint.record_incident,
    Surveyed: Complaint.survey,
}


class Shelf:
    """Keeps papers in the open, numbered, where a vault would seal them."""

    def __init__(self) -> None:
        self.papers: dict[str, Contact | Words] = {}

    def put(self, paper: Contact | Words) -> PaperRef:
        name = f"paper-{len(self.papers)}"
        self.papers[name] = paper
        return PaperRef(name, "")

    def words(self, ref: PaperRef | None) -> Words:
        assert ref is not None
        found = self.papers[ref.paper]
        assert isinstance(found, Words)
        return found


class Told(msgspec.Struct):
    """A demonstration with its papers readable."""

    stories: list[Story]
    shelf: Shelf
    chronicle: Chronicle

    def events(self, kind: type[Event]) -> list[Any]:
        return [e for s in self.stories for e in s.events if isinstance(e, kind)]


def tell(complaints: int, *, seed: int = 1, until: datetime = UNTIL, days: int = DAYS) -> Told:
    chronicle = Chronicle(
        complaints=complaints, days=days, seed=seed, until=until,
        policy="house", policy_version="v1",
    )  # fmt: skip
    shelf = Shelf()
    return Told([draft.tell(shelf.put) for draft in chronicle.drafts()], shelf, chronicle)


@pytest.fixture(scope="module")
def told() -> Told:
    return tell(MANY)


def test_the_same_seed_tells_the_same_stories_in_the_same_words() -> None:
    first, again = tell(150), tell(150)

    assert [s.case.reference for s in first.stories] == [s.case.reference for s in again.stories]
    assert [s.events for s in first.stories] == [s.events for s in again.stories]
    assert first.shelf.papers == again.shelf.papers


def test_another_seed_tells_other_stories() -> None:
    references = {s.case.reference for s in tell(50).stories}

    assert references.isdisjoint(s.case.reference for s in tell(50, seed=2).stories)


def test_every_story_is_acceptable_to_the_domain(told: Told) -> None:
    for story in told.stories:
        complaint = Complaint(story.case.reference)
        for event in story.events:
            ACTS[type(event)](complaint, event)
        assert complaint.state.is_open is story.is_open


def test_every_kind_of_act_occurs(told: Told) -> None:
    assert {type(e) for s in told.stories for e in s.events} == set(ACTS)


def test_time_runs_forwards_and_ends_at_until(told: Told) -> None:
    for story in told.stories:
        instants = [event.at for event in story.events if event.at]
        assert len(instants) == len(story.events)
        assert instants == sorted(instants)
        assert instants[-1] <= UNTIL
        assert instants[0] >= UNTIL - timedelta(days=DAYS + 7)  # a letter bears an earlier date


def test_references_are_good_and_given_once(told: Told) -> None:
    references = [s.case.reference for s in told.stories]

    assert len(set(references)) == MANY
    assert all(reference.parse(r) == r for r in references)


def test_stored_events_are_read_back_as_they_were_told(told: Told) -> None:
    for event in (e for s in told.stories[:200] for e in s.events):
        assert decode(*encode(event)) == event


def test_events_hold_no_words_or_names_of_people(told: Told) -> None:
    for story in told.stories[-300:]:
        stored = b"".join(encode(event)[1] for event in story.events).decode()
        contact = story.case.person.contact
        assert contact.email == "" or contact.email not in stored
        assert contact.name not in stored.replace("null", "") or contact.name == "null"
        assert story.case.words.text not in stored


def test_everything_said_could_have_been_typed_at_the_desk(told: Told) -> None:
    for case in (s.case for s in told.stories):
        assert texts.clean(case.words.text, field="description") == case.words.text
        assert texts.line(case.words.subject, field="subject") == case.words.subject
        assert texts.line(case.person.contact.name, field="name") == case.person.contact.name
        assert texts.email(case.person.contact.email) == case.person.contact.email
        assert case.person.contact.email or case.person.contact.phone or case.person.contact.address


def test_some_people_complain_more_than_once(told: Told) -> None:
    by_person = Counter(s.case.person.id for s in told.stories)
    again = {person for person, times in by_person.items() if times > 1}

    assert 0.02 < (MANY - len(by_person)) / MANY < 0.09
    for person in again:
        theirs = [s.case.person for s in told.stories if s.case.person.id == person]
        assert len({(p.name, p.language, p.tier, p.town.code) for p in theirs}) == 1


def test_both_languages_are_spoken_in_their_own_script(told: Told) -> None:
    by_language = Counter(s.case.person.language for s in told.stories)
    chinese = [s.case.words.text for s in told.stories if s.case.person.language == "zh"]

    assert 0.15 < by_language["zh"] / MANY < 0.27
    assert sum(any("\u4e00" <= c <= "\u9fff" for c in text) for text in chinese) == len(chinese)


def test_channels_tiers_products_and_severities_vary(told: Told) -> None:
    received = told.events(Received)

    assert {e.channel for e in received} == {
        "email", "phone", "web", "counter", "letter", "social", "third_party",
    }  # fmt: skip
    assert {e.tier for e in received} == {"vip", "premium", "plus", "standard"}
    assert {e.product for e in received} == {"fibre", "broadband", "electricity", "gas"}
    assert {e.severity for e in received} == {"low", "normal", "high", "critical"}


def test_people_are_answered_in_working_time_and_complain_at_any_time(told: Told) -> None:
    answered = Counter(e.at.weekday() for e in told.events(Explained))
    complained = Counter(s.events[0].at.weekday() for s in told.stories if s.events[0].at)

    assert (answered[5] + answered[6]) / sum(answered.values()) < 0.06  # at once, at the counter
    assert complained[0] > complained[3] > complained[6] > 0


def test_the_storm_shows_as_a_wave_of_outages_on_the_coast(told: Told) -> None:
    began = told.chronicle.storm
    during = [s for s in told.stories if began <= s.case.at < began + STORM_LASTS]
    usual = MANY * STORM_LASTS / (DAYS * 86_400)
    storm = [s for s in told.stories if s.case.storm]

    assert len(during) > 3 * usual
    assert {(s.case.category, s.case.person.town.region) for s in storm} == {("outage", "coast")}
    assert 0.03 < len(storm) / MANY < 0.15
    assert all(
        s.events[1].facts["failure"] == "loss_of_service"
        for s in storm
        if len(s.events) > 1 and isinstance(s.events[1], IncidentRecorded)
    )


def test_most_complaints_are_finished_and_some_are_open(told: Told) -> None:
    still_open = sum(s.is_open for s in told.stories) / MANY

    assert 0.05 < still_open < 0.11


def test_there_is_something_new_today(told: Told) -> None:
    today = [s for s in told.stories if UNTIL.timestamp() - s.case.at < 10 * 3_600]

    assert len(today) >= 12
    assert any(len(s.events) == 1 for s in today)


def test_the_corners_are_dirty(told: Told) -> None:
    texts = [s.case.words.text for s in told.stories]
    names = [s.case.person.contact.name for s in told.stories]

    assert max(map(len, texts)) >= 4_000
    assert any("<script>" in text for text in texts)
    assert any("😡" in text for text in texts)
    assert any("\u0590" <= name[0] <= "\u06ff" for name in names)
    assert any(e.precision == "day" for e in told.events(Received))
    assert any(
        isinstance(s.events[-1], Closed) and s.events[-1].at - s.events[0].at < timedelta(minutes=1)
        for s in told.stories
    )
    assert told.events(Reopened)
    assert told.events(Withdrawn)


def test_only_the_latest_complaints_owe_letters(told: Told) -> None:
    owing = [s for s in told.stories if any(_letter(e) for e in s.events)]
    open_ones = [s for s in owing if s.is_open]

    assert len(open_ones) == LETTERS_FOR_OPEN
    assert len(owing) == LETTERS_FOR_OPEN + LETTERS_FOR_FINISHED
    assert all(
        s.case.person.contact.email.endswith(("example.org", "example.com", "example.net"))
        for s in owing
    )
    letters = [letter for s in owing for e in s.events if (letter := _letter(e))]
    assert {letter.kind for letter in letters} >= {
        "received", "acknowledged", "explained", "compensated", "closed",
    }  # fmt: skip
    assert all(told.shelf.words(letter.message).text for letter in letters if letter.message)


def test_everybody_who_acts_has_an_account_or_is_no_person(told: Told) -> None:
    who = {event.by for s in told.stories for event in s.events}

    assert who <= {user.by for user in DEMO_USERS} | {"complainant", "system:network"}
    assert {"user:ana", "user:bo", "user:sue"} <= who


@pytest.mark.parametrize("complaints", [0, 1, 2, 21])
@pytest.mark.parametrize("days", [1, 180])
def test_a_small_demonstration_is_told_too(complaints: int, days: int) -> None:
    assert len(tell(complaints, days=days).stories) == complaints


@pytest.mark.parametrize(
    "until",
    [
        datetime(2026, 12, 27, 23, 59, tzinfo=UTC),  # nobody works, and has not for days
        datetime(2026, 3, 29, 1, 0, tzinfo=UTC),  # the clocks go forward
        datetime(2024, 2, 29, 9, 0, tzinfo=UTC),
    ],
)
def test_it_can_be_told_up_to_any_day(until: datetime) -> None:
    told = tell(200, until=until)

    assert all(e.at <= until for s in told.stories for e in s.events if e.at)


def _letter(event: Event) -> Letter | None:
    found = getattr(event, "letter", None)
    assert found is None or isinstance(found, Letter)
    return found
