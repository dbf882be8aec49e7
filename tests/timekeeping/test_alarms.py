"""Is what time makes true recorded once, with its own instant, however late the worker was?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from projections.rebuild import check
from recovery.errors import StoreUnavailable
from recovery.events import Breached, Cleared, SteppedUp, Warned
from tests.cast import ANA, BO, DAY, HOUR, MINUTE, SUE
from tests.desks import TestDesk
from tests.timekeeping.conftest import NINE, Watch

ELEVEN = NINE + 2 * HOUR
ONE = NINE + 4 * HOUR


def told(watch: Watch, reference: str, clock: str) -> list[tuple[str, datetime | None]]:
    return [(event.topic, event.at) for event in watch.stream(reference, clock)]


def test_nothing_is_recorded_before_it_is_true(watch: Watch) -> None:
    reference = watch.receive()

    assert watch.keep(NINE + 89 * MINUTE) == 0
    assert told(watch, reference, "acknowledge") == []


def test_warning_and_breach_are_stamped_with_their_own_instants(watch: Watch) -> None:
    reference = watch.receive()

    watch.keep(NINE + 90 * MINUTE + timedelta(seconds=20))
    watch.keep(NINE + 3 * HOUR)
    watch.keep(NINE + 3 * HOUR)

    assert told(watch, reference, "acknowledge") == [
        ("clock.warned", NINE + 90 * MINUTE),
        ("clock.breached", ELEVEN),
    ]
    warned, breached = watch.stream(reference, "acknowledge")
    assert isinstance(warned, Warned)
    assert (warned.percent, warned.due) == (75, ELEVEN)
    assert isinstance(breached, Breached)
    assert breached.policy_version == watch.version


def test_a_promise_that_was_kept_is_only_warned_of(watch: Watch) -> None:
    reference = watch.receive()
    watch.desk.desk.acknowledge(reference, by=ANA, at=NINE + 100 * MINUTE)

    watch.keep(NINE + DAY)

    assert told(watch, reference, "acknowledge") == [("clock.warned", NINE + 90 * MINUTE)]


def test_a_breach_is_recorded_when_the_answer_came_before_the_worker(watch: Watch) -> None:
    reference = watch.receive()
    watch.desk.desk.acknowledge(reference, by=ANA, at=ELEVEN + MINUTE)

    watch.keep(NINE + DAY)

    assert ("clock.breached", ELEVEN) in told(watch, reference, "acknowledge")


def test_a_pause_moves_what_has_not_come_true_yet(watch: Watch) -> None:
    reference = watch.receive()
    watch.keep(NINE + 2 * HOUR)
    watch.desk.desk.pause(reference, by=ANA, at=ELEVEN, reason="awaiting_complainant")
    watch.desk.desk.resume(reference, by=ANA, at=ELEVEN + HOUR)

    watch.keep(NINE + DAY)

    assert told(watch, reference, "explain")[:3] == [
        ("clock.warned", ELEVEN),
        ("clock.warned", ONE + HOUR - 24 * MINUTE),
        ("clock.breached", ONE + HOUR),
    ]


def test_history_that_had_ended_before_it_was_recorded_owes_nothing(watch: Watch) -> None:
    reference = watch.receive(at=NINE - 500 * DAY)
    watch.desk.desk.acknowledge(reference, by=ANA, at=NINE - 390 * DAY)
    watch.desk.desk.explain(
        reference, by=ANA, at=NINE - 380 * DAY, outcome="upheld", message="We lost it."
    )

    assert watch.keep(NINE) == 0


def test_a_letter_that_came_late_to_the_desk_is_late_but_was_not_warned_of(watch: Watch) -> None:
    reference = watch.receive(at=datetime.now(UTC) - 7 * DAY)

    watch.keep(datetime.now(UTC))

    assert [event.topic for event in watch.stream(reference, "acknowledge")] == ["clock.breached"]


def test_a_breach_that_turns_out_to_be_none_is_cleared(watch: Watch) -> None:
    reference = watch.receive()
    watch.keep(NINE + 3 * HOUR)
    watch.desk.desk.acknowledge(reference, by=ANA, at=NINE + HOUR)

    watch.keep(NINE + 3 * HOUR)
    watch.keep(NINE + 3 * HOUR)

    *_, last = watch.stream(reference, "acknowledge")
    assert isinstance(last, Cleared)
    assert last.at == NINE + HOUR
    assert len(watch.stream(reference, "acknowledge")) == 3


def test_escalation_notifies_assigns_and_raises_severity(watch: Watch) -> None:
    watch.people()
    reference = watch.receive()
    watch.desk.desk.assign(reference, by=BO, at=NINE + MINUTE, agent=BO)

    watch.keep(NINE + 4 * HOUR)
    watch.keep(NINE + 6 * HOUR)

    first, second = [e for e in watch.stream(reference, "explain") if isinstance(e, SteppedUp)]
    assert (first.at, first.notified, first.assigned) == (ONE, (BO, SUE), "")
    assert (second.at, second.assigned, second.severity) == (ONE + HOUR, SUE, "high")
    state, _ = watch.desk.desk.state(reference)
    assert (state.assignee, state.severity) == (SUE, "high")


def test_a_step_whose_complaint_was_closed_meanwhile_is_recorded_without_effect(
    watch: Watch,
) -> None:
    watch.people()
    reference = watch.receive()
    watch.desk.desk.withdraw(reference, by=ANA, at=NINE + 6 * HOUR)

    watch.keep(NINE + DAY)

    steps = [e for e in watch.stream(reference, "explain") if isinstance(e, SteppedUp)]
    assert [(e.at, e.assigned, e.notified, e.severity) for e in steps] == [
        (ONE, "", (), None), (ONE + HOUR, "", (), None),
    ]  # fmt: skip
    assert watch.desk.desk.state(reference)[0].assignee is None


def test_a_complaint_that_cannot_be_worked_on_keeps_no_other_waiting(
    watch: Watch, desk: TestDesk
) -> None:
    broken, sound = watch.receive(), watch.receive()
    with desk.store.database.connection() as conn:
        conn.execute(
            "update read.queue set story = jsonb_set(story::jsonb, '{policy_version}', '\"gone\"')"
            " where reference = %s", (broken,),
        )  # fmt: skip

    watch.keep(NINE + 3 * HOUR)

    assert told(watch, broken, "acknowledge") == []
    assert len(told(watch, sound, "acknowledge")) == 2


def test_a_queue_that_stands_still_is_not_asked_again_without_a_pause(watch: Watch) -> None:
    watch.receive()
    watch.now = NINE + 3 * HOUR
    keeper = watch.keeper()

    assert keeper.step() == 1
    assert keeper.step() == 0, "nothing was folded, so what is owed has been recorded already"


def test_a_database_that_goes_away_is_no_fault_of_the_complaint(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch.people()
    reference = watch.receive()
    watch.now = NINE + 6 * HOUR
    keeper = watch.keeper()
    with monkeypatch.context() as away:
        away.setattr(watch.accounts, "users", _unreachable)
        with pytest.raises(StoreUnavailable):
            keeper.step()

    keeper.step()

    assert ("clock.stepped_up", ONE) in told(watch, reference, "explain")


def _unreachable() -> None:
    raise StoreUnavailable("The database does not answer.")


def test_what_was_recorded_is_what_a_rebuild_finds(watch: Watch, desk: TestDesk) -> None:
    watch.people()
    for minutes in (0, 30, 200):
        watch.receive(at=NINE + minutes * MINUTE)
    watch.keep(NINE + DAY)

    assert all(found.identical for found in check(desk.engine))
