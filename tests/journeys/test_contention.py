"""Who wins when several people, or one impatient one, ask for the same thing at once?"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from recovery.errors import RecoveryError, Refused, Stale
from recovery.events import complaint_stream
from recovery.store import Command, Done
from tests.cast import ANA, HOUR, NINE
from tests.desks import MR_LEE, TestDesk

CROWD = 8
Act = Callable[[], Done]


def at_once(acts: list[Act]) -> tuple[list[Done], list[RecoveryError]]:
    """Do all of them in threads that begin together; what came of each."""
    start = threading.Barrier(len(acts))
    done: list[Done] = []
    declined: list[RecoveryError] = []

    def run(act: Act) -> None:
        start.wait()
        try:
            done.append(act())
        except RecoveryError as error:
            declined.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) + len(declined) == len(acts)
    return done, declined


def test_a_complaint_sent_eight_times_under_one_id_is_taken_once(desk: TestDesk) -> None:
    def receive() -> Done:
        return desk.desk.receive(
            by=ANA, at=NINE, description="My parcel never came.", contact=MR_LEE,
            command=Command("c-1", b"digest"),
        )  # fmt: skip

    before = desk.store.head()
    done, declined = at_once([receive] * CROWD)

    assert declined == []
    assert len({(each.stream, each.version, each.position) for each in done}) == 1
    assert sum(not each.repeated for each in done) == 1
    assert desk.store.head() == before + 2  # the complaint, and that Mr Lee is known


def test_a_note_sent_eight_times_under_one_id_is_written_once(desk: TestDesk) -> None:
    reference = desk.receive()

    done, declined = at_once(
        [
            lambda: desk.desk.add_note(
                reference, by=ANA, at=NINE + HOUR, text="Called.", command=Command("c-2"), seen=1
            )
        ]
        * CROWD
    )

    assert declined == []
    assert {each.version for each in done} == {2}
    assert len(desk.store.records(complaint_stream(reference))) == 2


def test_of_eight_who_saw_the_same_version_one_acts_and_seven_hear_what_was_done(
    desk: TestDesk,
) -> None:
    reference = desk.receive()
    who = [f"user:agent-{number}" for number in range(CROWD)]

    done, declined = at_once([note(desk, reference, by=by, seen=1) for by in who])

    [winner] = done
    record = desk.store.records(complaint_stream(reference))[-1]
    assert record.version == winner.version == 2
    for error in declined:
        assert isinstance(error, Stale)
        assert (error.seen, error.current) == (1, 2)
        assert [each.event.by for each in error.since] == [record.event.by]


def test_of_different_acts_on_the_version_all_saw_one_is_done(desk: TestDesk) -> None:
    reference = desk.receive()
    act: dict[str, Any] = {"by": ANA, "at": NINE + HOUR, "seen": 1}
    acts = desk.desk

    done, declined = at_once(
        [
            lambda: acts.acknowledge(reference, **act),
            lambda: acts.explain(reference, **act, outcome="upheld", message="We are sorry."),
            lambda: acts.withdraw(reference, **act),
            lambda: acts.assign(reference, **act, agent="user:bo"),
            lambda: acts.pause(reference, **act, reason="awaiting_complainant"),
            lambda: acts.extend(reference, **act, days=5, reason="third_party"),
            lambda: acts.escalate(reference, **act, to="supervisor", reason="deadlock"),
            lambda: acts.send_message(reference, **act, text="We are on it."),
        ]
    )

    assert len(done) == 1
    assert all(isinstance(error, Stale | Refused) for error in declined)
    assert len(desk.store.records(complaint_stream(reference))) == 2


def test_notes_of_people_who_do_not_say_what_they_saw_are_all_written(desk: TestDesk) -> None:
    reference = desk.receive()
    who = [ANA, "user:bo"]

    done, declined = at_once([note(desk, reference, by=by, seen=None) for by in who])

    assert declined == []
    assert sorted(each.version for each in done) == [2, 3]


def note(desk: TestDesk, reference: str, *, by: str, seen: int | None) -> Act:
    return lambda: desk.desk.add_note(reference, by=by, at=NINE + HOUR, text="Called.", seen=seen)
