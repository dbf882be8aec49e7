"""Is a forgotten person forgotten, whatever happens meanwhile and afterwards?"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from projections import case
from projections.rebuild import check
from projections.views import page
from recovery.complaint import Complaint
from recovery.events import Forgotten, NoteAdded, Received, Recorded, complainant_stream
from recovery.forgetter import Forgetter
from recovery.store import Conflict
from recovery.vault import Words
from tests.cast import ADA, ANA, DAY, HOUR, NINE
from tests.desks import TestDesk

PAPERS_OF_PEOPLE = "select count(*) from desk.papers where owner not like 'policy-%'"


def complainant_of(desk: TestDesk, reference: str) -> str:
    return desk.desk.state(reference)[0].received.complainant


def forget(desk: TestDesk, complainant: str) -> Forgotten:
    Forgetter(desk.store, desk.vault).forget(complainant, by=ADA, at=NINE + DAY, reason="asked")
    event = desk.store.records(complainant_stream(complainant))[-1].event
    assert isinstance(event, Forgotten)
    return event


def test_every_complaint_of_the_person_is_named_for_the_projections_to_scrub(
    desk: TestDesk,
) -> None:
    first, second = desk.receive(), desk.receive(at=NINE + HOUR)
    desk.engine.catch_up()

    event = forget(desk, complainant_of(desk, first))
    desk.engine.catch_up()

    assert event.complaints == (first, second)
    with desk.store.database.engine.connect() as conn:
        assert page(conn, "all", now=NINE, text="parcel").lines == []
    assert all(found.identical for found in check(desk.engine))


def test_words_sealed_while_the_person_is_forgotten_are_not_kept_under_a_lost_key(
    desk: TestDesk,
) -> None:
    reference = desk.receive()
    complainant = complainant_of(desk, reference)
    with desk.store.database.connection() as conn:
        key = desk.vault.key_of(conn, complainant)
    assert key is not None
    state, version = desk.desk.state(reference)
    note = desk.vault.seal(key, complainant, Words("Written a moment too late."))
    complaint = Complaint(reference, version, state)
    complaint.add_note(NoteAdded(at=NINE, by=ANA, note=note.ref))

    forget(desk, complainant)

    with pytest.raises(Conflict):
        desk.store.append(complaint.pending, papers=[note])
    with desk.store.database.connection() as conn:
        assert conn.execute(PAPERS_OF_PEOPLE).fetchone() == (0,)


def test_forgetting_waits_for_the_words_that_are_being_written(desk: TestDesk) -> None:
    reference = desk.receive()
    complainant = complainant_of(desk, reference)
    database = desk.store.database
    with database.connection() as conn:
        key = desk.vault.key_of(conn, complainant)
    assert key is not None
    state, version = desk.desk.state(reference)
    note = desk.vault.seal(key, complainant, Words("Just in time."))
    complaint = Complaint(reference, version, state)
    complaint.add_note(NoteAdded(at=NINE, by=ANA, note=note.ref))
    forgetting = threading.Thread(target=forget, args=(desk, complainant))

    with database.dedicated() as writing, writing.transaction():
        desk.store.append(complaint.pending, papers=[note], within=writing)
        forgetting.start()
        deadline = time.monotonic() + 10
        with database.dedicated() as onlooker:
            while not onlooker.execute(
                "select 1 from pg_stat_activity where wait_event_type = 'Lock'"
                " and datname = current_database()"
            ).fetchone():
                assert time.monotonic() < deadline, "forgetting did not wait"
    forgetting.join(timeout=10)

    with database.connection() as conn:
        assert conn.execute(PAPERS_OF_PEOPLE).fetchone() == (0,)


def test_somebody_forgotten_who_comes_back_is_heard_and_their_old_words_stay_gone(
    desk: TestDesk,
) -> None:
    before = desk.receive()
    complainant = complainant_of(desk, before)
    forget(desk, complainant)

    again = desk.receive(at=NINE + 2 * DAY, description="Now the second one is lost.")
    desk.desk.add_note(before, by=ANA, at=NINE + 2 * DAY, text="They came back.")
    desk.engine.catch_up()

    with desk.store.database.engine.connect() as conn:
        found = page(conn, "all", now=NINE, text="lost").lines
        assert case.timeline(conn, before)
    assert [line.reference for line in found] == [again]
    old = desk.desk.state(before)[0].received
    new = desk.desk.state(again)[0].received
    with desk.store.database.connection() as conn:
        opened = desk.vault.open_many(conn, [r.paper for r in (old.words, new.words) if r])
    assert new.words is not None
    assert list(opened) == [new.words.paper]
    assert all(found.identical for found in check(desk.engine))


def test_nothing_links_somebody_forgotten_who_comes_back_to_what_they_brought_before(
    desk: TestDesk,
) -> None:
    before = desk.receive()
    old = complainant_of(desk, before)
    forget(desk, old)
    desk.desk.add_note(before, by=ANA, at=NINE + 2 * DAY, text="Somebody rang about this.")

    again, later = desk.receive(at=NINE + 2 * DAY), desk.receive(at=NINE + 3 * DAY)

    new = complainant_of(desk, again)
    assert new != old
    assert complainant_of(desk, later) == new
    assert forget(desk, new).complaints == (again, later)
    assert complainant_of(desk, desk.receive(at=NINE + 4 * DAY)) not in (old, new)


def test_several_who_forget_somebody_at_once_all_succeed_and_it_is_recorded_once(
    desk: TestDesk,
) -> None:
    """More of them than the store has connections for."""
    complainant = complainant_of(desk, desk.receive())

    with ThreadPoolExecutor(6) as several:
        told = list(several.map(lambda _: forget(desk, complainant), range(6)))

    events = [type(r.event) for r in desk.store.records(complainant_stream(complainant))]
    assert events.count(Forgotten) == 1
    assert {each.proof for each in told} == {told[0].proof}


def test_no_other_persons_complaint_is_named(desk: TestDesk) -> None:
    desk.receive(attributes={"complainant": complainant_of(desk, desk.receive())})
    stranger = Received(
        at=NINE, by=ANA, complainant="stranger", channel="phone", language="en",
        policy="none", policy_version="none",
    )  # fmt: skip
    desk.store.append([Recorded("complaint-AAAAAAAAAA", 1, stranger)])

    assert forget(desk, "stranger").complaints == ("AAAAAAAAAA",)
