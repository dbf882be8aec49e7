"""Is what was appended there, once, in order?"""

from __future__ import annotations

import threading

import pytest

from recovery.complaint import Complaint
from recovery.errors import CommandReused
from recovery.events import Received, Recorded, complaint_stream
from recovery.reference import draw
from recovery.store import Command, Conflict, Store
from recovery.vault import Vault, Words
from tests.cast import ANA, NINE


def received() -> Received:
    return Received(
        at=NINE, by=ANA, complainant="lee", channel="phone", language="en",
        policy="house", policy_version="1",
    )  # fmt: skip


def new_complaint() -> Complaint:
    complaint = Complaint(draw())
    complaint.receive(received())
    return complaint


def test_what_is_appended_is_loaded_again(store: Store) -> None:
    complaint = new_complaint()

    done = store.append(complaint.pending)

    [record] = store.records(complaint_stream(complaint.reference))
    assert record.event == received()
    assert (record.position, record.version) == (done.position, 1)
    assert record.recorded_at is not None


def test_the_store_refuses_a_version_twice(store: Store) -> None:
    complaint = new_complaint()
    store.append(complaint.pending)

    with pytest.raises(Conflict):
        store.append(complaint.pending)

    assert store.head() == 1


def test_a_command_id_is_carried_out_once(store: Store) -> None:
    command = Command("c-1", b"digest")
    first = store.append(new_complaint().pending, command=command)

    with pytest.raises(Conflict):
        store.append(new_complaint().pending, command=command)

    again = store.done(command)
    assert again is not None
    assert again.repeated
    assert (again.stream, again.position) == (first.stream, first.position)
    with pytest.raises(CommandReused):
        store.done(Command("c-1", b"other"))


def test_papers_and_events_are_stored_together_or_not_at_all(store: Store, vault: Vault) -> None:
    complaint = new_complaint()
    key, sealed_key = vault.new_key("lee")
    paper = vault.seal(key, "lee", Words("My parcel never came."))
    store.append(complaint.pending, keys=[sealed_key], papers=[paper])
    lost = vault.seal(key, "lee", Words("Never stored."))

    with pytest.raises(Conflict):
        store.append(complaint.pending, papers=[lost])

    with store.database.connection() as conn:
        opened = vault.open_many(conn, [paper.ref.paper, lost.ref.paper])
    assert opened == {paper.ref.paper: b'{"text":"My parcel never came."}'}


def test_a_tailing_reader_never_misses_an_event_that_commits_late(store: Store) -> None:
    """Six writers append while a reader tails by position: it sees every event, in order."""
    writers, each = 6, 150
    total = writers * each
    seen: list[int] = []
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(each):
                stream = complaint_stream(draw())
                store.append([Recorded(stream, 1, received())])
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write) for _ in range(writers)]
    for thread in threads:
        thread.start()
    while len(seen) < total and not failures:
        last = seen[-1] if seen else 0
        batch = store.recorder.select_notifications(last, 50, inclusive_of_start=False)
        seen.extend(n.id for n in batch)
    for thread in threads:
        thread.join()

    assert not failures
    assert seen == list(range(1, total + 1))
