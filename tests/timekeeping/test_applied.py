"""Do open complaints follow a version that was applied, and do old outcomes stand?"""

from __future__ import annotations

from recovery import policybook
from recovery.clock import terms_id
from recovery.events import Breached, Moved, Reapplied, clock_stream
from tests.cast import ANA, DAY, HOUR, MINUTE, SUE
from tests.timekeeping.conftest import NINE, POLICY, Watch

CLOSED_TODAY = POLICY.replace(
    'name = "office"', f'name = "office"\nclosures = [{NINE.date().isoformat()}]'
)
TOMORROW = NINE + DAY


def adopt(watch: Watch, text: str = CLOSED_TODAY) -> str:
    return policybook.adopt(
        watch.desk.store, watch.desk.policies, text, by=SUE, at=NINE + HOUR, reason="A holiday.",
        open_complaints="follow",
    ).version  # fmt: skip


def clocks(watch: Watch, reference: str) -> dict[str, tuple[object, ...]]:
    watch.desk.engine.catch_up()
    with watch.desk.store.database.connection() as conn:
        rows = conn.execute(
            "select clock, state, due, met, policy_version from read.clocks where complaint = %s",
            (reference,),
        ).fetchall()
    return {name: tuple(rest) for name, *rest in rows}


def test_running_clocks_move_and_both_versions_are_on_record(watch: Watch) -> None:
    reference = watch.receive()
    version = adopt(watch)

    watch.keep(NINE + HOUR + MINUTE)

    assert clocks(watch, reference) == {
        "acknowledge": ("running", TOMORROW + 2 * HOUR, None, version),
        "explain": ("running", TOMORROW + 4 * HOUR, None, version),
    }
    [record] = watch.desk.store.records(clock_stream(terms_id(reference)))
    assert record.event == Reapplied(
        at=NINE + HOUR, by="system:clock", complaint=reference, policy="prompt",
        version_before=watch.version, policy_version=version,
        moved=(
            Moved("acknowledge", 1, NINE + 2 * HOUR, TOMORROW + 2 * HOUR),
            Moved("explain", 1, NINE + 4 * HOUR, TOMORROW + 4 * HOUR),
        ),
    )  # fmt: skip


def test_outcomes_stand_as_they_were(watch: Watch) -> None:
    reference = watch.receive()
    watch.desk.desk.acknowledge(reference, by=ANA, at=NINE + 30 * MINUTE)
    version = adopt(watch)

    watch.keep(NINE + HOUR + MINUTE)

    found = clocks(watch, reference)
    assert found["acknowledge"] == ("stopped", NINE + 2 * HOUR, True, watch.version)
    assert found["explain"][-1] == version


def test_a_breach_is_not_undone_by_a_holiday_that_comes_afterwards(watch: Watch) -> None:
    reference = watch.receive(at=NINE - 3 * HOUR)  # still due at eleven
    policybook.adopt(
        watch.desk.store, watch.desk.policies, CLOSED_TODAY, by=SUE, at=NINE + 3 * HOUR,
        reason="A holiday that was forgotten.", open_complaints="follow",
    )  # fmt: skip

    watch.keep(NINE + 3 * HOUR + MINUTE)
    watch.desk.desk.acknowledge(reference, by=ANA, at=TOMORROW)

    assert clocks(watch, reference)["acknowledge"][1:] == (NINE + 2 * HOUR, False, watch.version)
    breach = watch.stream(reference, "acknowledge")[-1]
    assert isinstance(breach, Breached)
    assert (breach.at, breach.policy_version) == (NINE + 2 * HOUR, watch.version)


def test_what_was_adopted_for_new_complaints_moves_no_open_one(watch: Watch) -> None:
    reference = watch.receive()
    policybook.adopt(
        watch.desk.store, watch.desk.policies, CLOSED_TODAY, by=SUE, at=NINE + HOUR, reason="New."
    )

    assert watch.keep(NINE + HOUR + MINUTE) == 0
    assert clocks(watch, reference)["explain"][-1] == watch.version


def test_complaints_follow_as_often_as_versions_are_applied(watch: Watch) -> None:
    reference = watch.receive()
    for text in (CLOSED_TODAY, POLICY, CLOSED_TODAY):
        adopt(watch, text)
        watch.keep(NINE + HOUR + MINUTE)

    assert len(watch.desk.store.records(clock_stream(terms_id(reference)))) == 3
    assert clocks(watch, reference)["explain"][1] == TOMORROW + 4 * HOUR
