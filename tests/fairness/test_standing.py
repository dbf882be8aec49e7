"""Is a question asked at its instants, and does asking often find no more than chance allows?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np
import pytest
from scipy.stats import norm

from projections import standing as rows
from recovery import auditrun, standing
from recovery.errors import Invalid, Refused, Stale
from recovery.events import (
    PassedOn,
    Ran,
    StandingArranged,
    audit_stream,
    standing_stream,
)
from recovery.fairness import ALPHA, looks
from recovery.fairness.records import Question
from recovery.store import Done
from tests.cast import BO, NINE, SUE
from web.fairness.running import as_text
from web.fairness.stored import audit
from web.runtime import Runtime
from web.worker.auditor import Auditor

LONDON = "Europe/London"


def arranged(rhythm: str, *, first: datetime) -> StandingArranged:
    return StandingArranged(
        at=NINE, by=SUE, measure="m", question="{}", rhythm=rhythm, zone=LONDON,  # type: ignore[arg-type]
        first=first, looks=12,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rhythm", "at", "then"),
    [
        ("weekly", "2026-03-25T12:00Z", "2026-03-29T23:00Z"),  # the clocks went forward
        ("monthly", "2026-01-31T12:00Z", "2026-02-01T00:00Z"),
        ("monthly", "2026-02-01T00:00Z", "2026-03-01T00:00Z"),
        ("quarterly", "2026-05-12T12:00Z", "2026-06-30T23:00Z"),
        ("quarterly", "2026-12-12T12:00Z", "2027-01-01T00:00Z"),
    ],
)
def test_looks_are_at_midnights_of_the_zone(rhythm: str, at: str, then: str) -> None:
    found = standing.after(arranged(rhythm, first=NINE - timedelta(days=90)),
                           datetime.fromisoformat(at))  # fmt: skip

    assert found == datetime.fromisoformat(then)


@pytest.mark.parametrize("number", [2, 12, 60])
def test_all_looks_together_spend_what_one_may(number: int) -> None:
    levels = [looks.level(k, number) for k in range(1, number + 1)]

    assert sum(levels) == pytest.approx(ALPHA)
    assert levels == sorted(levels, reverse=True)


def test_where_nothing_differs_looking_twelve_times_finds_something_in_one_of_twenty() -> None:
    """Complaints pile up from look to look, and half of each group is alike."""
    series, n = 2_000, 60 * np.arange(1, 13)
    yes = np.random.default_rng(6).binomial(60, 0.3, size=(series, 2, 12)).cumsum(axis=2)
    whole = yes.sum(axis=1) / (2 * n)
    z = (yes[:, 0] - yes[:, 1]) / np.sqrt(2 * n * whole * (1 - whole))
    below = 2 * norm.sf(abs(z)) < [looks.level(k, 12) for k in range(1, 13)]

    assert below.any(axis=1).mean() < ALPHA


# ---------------------------------------------------------------- on a desk


def arrange(runtime: Runtime, *, at: datetime = NINE, number: int = 12) -> str:
    question = Question(
        measure="money_relief", group="product", filters={"channel": "email"}, as_of=at
    )
    done: Done = standing.arrange(
        runtime.store, measure=question.measure, question=as_text(question), rhythm="weekly",
        looks=number, zone=LONDON, by=SUE, at=at,
    )  # fmt: skip
    runtime.engine.catch_up()
    return auditrun.id_of(done)


def look(runtime: Runtime, *, at: datetime) -> int:
    runtime.engine.catch_up()
    found = Auditor(runtime, clock=lambda: at).step()
    runtime.engine.catch_up()
    return found


def listed(runtime: Runtime) -> rows.Standing:
    with runtime.database.engine.connect() as conn:
        [found] = rows.listed(conn)
    return found


@pytest.mark.usefixtures("compared")
def test_a_look_is_taken_as_of_its_instant_and_a_finding_is_a_task(runtime: Runtime) -> None:
    id = arrange(runtime)
    assert look(runtime, at=NINE) == 0
    late = datetime(2026, 3, 12, 15, tzinfo=UTC)
    assert look(runtime, at=late) == 1

    [taken] = listed(runtime).looks
    run = audit(runtime.store, taken.audit)
    assert run.question.as_of == taken.due == datetime(2026, 3, 9, tzinfo=UTC)
    assert (taken.found, taken.level) == (True, looks.level(1, 12))
    [*_, told] = runtime.store.records(audit_stream(taken.audit))
    assert isinstance(told.event, PassedOn)
    assert told.event.to == SUE
    with runtime.database.engine.connect() as conn:
        assert [found[0] for found in rows.findings(conn)] == [taken.audit]
    auditrun.sign_off(
        runtime.store, runtime.vault, taken.audit, comment="Loans.", follow_up="", by=SUE, at=late
    )
    runtime.engine.catch_up()
    with runtime.database.engine.connect() as conn:
        assert rows.findings(conn) == []
    assert len(runtime.store.records(standing_stream(id))) == 2


@pytest.mark.usefixtures("compared")
def test_a_second_worker_takes_no_look_twice_and_the_last_look_ends_it(runtime: Runtime) -> None:
    id = arrange(runtime, number=2)
    at = datetime(2026, 4, 1, tzinfo=UTC)
    state = standing.state_of(runtime.store.records(standing_stream(id)))
    both = [Auditor(runtime, clock=lambda: at)._ask(id, state, at) for _ in range(2)]

    assert both[0] == both[1]
    assert [look(runtime, at=at) for _ in range(3)] == [1, 1, 0]
    assert listed(runtime).ended


@pytest.mark.usefixtures("compared")
def test_a_worker_that_is_killed_over_a_finding_sends_its_paper_once(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> Done:
        raise Stale(seen=1, current=2)

    arrange(runtime)
    due = datetime(2026, 3, 9, tzinfo=UTC)
    auditor = Auditor(runtime, clock=lambda: due)
    runtime.engine.catch_up()
    with monkeypatch.context() as patch:
        patch.setattr(standing, "looked", killed)
        assert auditor.step() == 0
    runtime.engine.catch_up()
    assert auditor.step() == 1
    runtime.engine.catch_up()

    events = runtime.store.records(audit_stream(listed(runtime).looks[0].audit))
    assert [type(each.event) for each in events] == [Ran, PassedOn]


def test_what_is_due_while_it_is_paused_is_left_out(runtime: Runtime) -> None:
    id, store = arrange(runtime), runtime.store
    standing.pause(store, id, by=BO, at=NINE)
    runtime.engine.catch_up()
    assert look(runtime, at=NINE + timedelta(days=30)) == 0
    standing.resume(store, id, by=BO, at=NINE + timedelta(days=30))
    with pytest.raises(Refused, match="not paused"):
        standing.resume(store, id, by=BO, at=NINE)

    state = standing.state_of(store.records(standing_stream(id)))
    assert state.next == datetime(2026, 4, 5, 23, tzinfo=UTC)
    standing.end(store, id, by=SUE, at=NINE)
    with pytest.raises(Refused, match="has ended"):
        standing.pause(store, id, by=SUE, at=NINE)


@pytest.mark.parametrize(("rhythm", "number"), [("daily", 12), ("weekly", 1), ("weekly", 61)])
def test_what_cannot_be_arranged_is_refused(runtime: Runtime, rhythm: str, number: int) -> None:
    with pytest.raises(Invalid):
        standing.arrange(
            runtime.store, measure="m", question="{}", rhythm=rhythm, looks=number, zone=LONDON,
            by=SUE, at=NINE,
        )  # fmt: skip


def test_the_question_is_kept_as_it_was_written(runtime: Runtime) -> None:
    arrange(runtime)

    assert msgspec.json.decode(listed(runtime).question, type=Question).group == "product"
