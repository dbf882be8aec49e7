"""Is the demonstration on the desk afterwards, once?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from projections.views import counts, page
from recovery.errors import NotFound
from recovery.events import PaperRef, Received, complaint_stream
from recovery.policy.library import Policies
from recovery.vault import Contact, Words, read
from tests.desks import TestDesk
from web.demo.generate import Chronicle
from web.demo.load import DemoReport, load_demo
from web.demo.stories import Story

UNTIL = datetime(2026, 11, 18, 15, 20, tzinfo=UTC)
DAYS = 180


def load(desk: TestDesk, complaints: int, *, seed: int = 1, until: datetime = UNTIL) -> DemoReport:
    return load_demo(
        desk.store, desk.vault, desk.policies, complaints=complaints, days=DAYS, seed=seed,
        until=until, secret=b"s" * 32,
    )  # fmt: skip


def stories(complaints: int) -> list[Story]:
    chronicle = Chronicle(
        complaints=complaints, days=DAYS, seed=1, until=UNTIL, policy="house", policy_version=""
    )
    return [draft.tell(lambda _: PaperRef("", "")) for draft in chronicle.drafts()]


def said(desk: TestDesk, story: Story) -> tuple[Words | None, Contact | None]:
    """What the vault holds of a complaint's words and of who said them."""
    received = desk.store.records(complaint_stream(story.case.reference))[0].event
    assert isinstance(received, Received)
    assert received.words
    assert received.contact
    with desk.store.database.connection() as conn:
        papers = desk.vault.open_many(conn, [received.words.paper, received.contact.paper])
    return read(papers, received.words, Words), read(papers, received.contact, Contact)


def test_every_complaint_is_in_the_log_with_its_whole_story(desk: TestDesk) -> None:
    before = desk.store.head()

    report = load(desk, 60)

    told = stories(60)
    assert (report.added, report.already_there) == (60, 0)
    assert report.events == desk.store.head() - before == sum(len(s.events) for s in told)
    for story in told:
        records = desk.store.records(complaint_stream(story.case.reference))
        assert [(r.event.topic, r.event.at) for r in records] == [
            (e.topic, e.at) for e in story.events
        ]


def test_the_vault_opens_what_was_said_and_by_whom(desk: TestDesk) -> None:
    load(desk, 150)

    told = stories(150)
    assert len({story.case.person.id for story in told}) < 150  # some have come back
    for story in told:
        assert said(desk, story) == (story.case.words, story.case.person.contact)


def test_people_who_were_forgotten_may_come_back(desk: TestDesk) -> None:
    load(desk, 100)
    with desk.store.database.connection() as conn:
        for story in stories(100):
            desk.vault.forget(conn, story.case.person.id)

    load(desk, 200)

    assert {said(desk, story) for story in stories(100)} == {(None, None)}
    assert all(said(desk, story)[0] == story.case.words for story in stories(200)[100:])


def test_complaints_are_bound_to_the_house_policy_in_force(desk: TestDesk) -> None:
    load(desk, 1)

    [story] = stories(1)
    received = desk.store.records(complaint_stream(story.case.reference))[0].event
    assert isinstance(received, Received)
    in_force = desk.policies.in_force("house")
    assert (received.policy, received.policy_version) == ("house", in_force.version)


def test_loading_it_again_adds_nothing(desk: TestDesk) -> None:
    load(desk, 40)
    head = desk.store.head()

    again = load(desk, 40, until=UNTIL + timedelta(hours=3))

    assert (again.added, again.already_there, again.events) == (0, 40, 0)
    assert desk.store.head() == head


def test_a_load_that_was_interrupted_is_finished_by_repeating_it(desk: TestDesk) -> None:
    load(desk, 25)

    rest = load(desk, 40)

    assert (rest.added, rest.already_there) == (15, 25)


def test_another_seed_comes_beside_the_first(desk: TestDesk) -> None:
    load(desk, 20)

    assert load(desk, 20, seed=2).added == 20


def test_the_projections_read_all_of_it(desk: TestDesk) -> None:
    load(desk, 400)
    told = stories(400)
    person = next(s.case.person for s in told if s.case.person.contact.email)

    desk.engine.catch_up()

    with desk.store.database.engine.connect() as conn:
        views = counts(conn, now=UNTIL, me="user:ana")
        found = page(conn, "all", now=UNTIL, text=person.contact.email).lines
    assert views["open"] == sum(story.is_open for story in told)
    assert all(views[view] for view in ("mine", "unassigned", "overdue", "waiting"))
    assert {line.reference for line in found} == {
        s.case.reference for s in told if s.case.person.id == person.id
    }


def test_nothing_is_loaded_where_no_house_policy_is_in_force(desk: TestDesk) -> None:
    with pytest.raises(NotFound):
        load_demo(
            desk.store, desk.vault, Policies(), complaints=5, days=DAYS, seed=1, until=UNTIL,
            secret=b"s" * 32,
        )  # fmt: skip

    assert load(desk, 5).added == 5


def test_progress_is_told_up_to_the_last(desk: TestDesk) -> None:
    seen: list[int] = []

    load_demo(
        desk.store, desk.vault, desk.policies, complaints=620, days=DAYS, seed=1, until=UNTIL,
        secret=b"s" * 32, progress=seen.append,
    )  # fmt: skip

    assert seen == [500, 620]


def test_no_complaints_at_all_is_a_demonstration_too(desk: TestDesk) -> None:
    report = load(desk, 0)

    assert (report.complaints, report.added, report.events) == (0, 0, 0)
