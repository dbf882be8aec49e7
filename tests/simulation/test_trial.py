"""Does a trial find what would have been, over all of the history and nothing else?"""

from __future__ import annotations

import os
from typing import Any

import pytest

from projections import trial as trials
from projections.trial import Progress, Trial, try_out
from recovery.errors import Refused
from recovery.policy.adopt import house_policy
from recovery.policy.simulate import Outcome
from tests.cast import HOUR, NINE
from tests.desks import TestDesk
from tests.simulation.conftest import COMPLAINTS, trial

STRICT = house_policy().replace('within = "5 business days"', 'within = "1 business day"')
LENIENT = house_policy().replace('within = "4 business hours"', 'within = "40 business hours"')


def tried(desk: TestDesk, asked: Trial, **more: int) -> Outcome:
    *steps, outcome = try_out(desk.store.database, asked, **more)
    assert isinstance(outcome, Outcome)
    assert all(isinstance(step, Progress) for step in steps)
    assert [step.share for step in steps][-1:] == ([1.0] if steps else [])  # type: ignore[union-attr]
    return outcome


def test_the_policy_in_force_changes_nothing(history: TestDesk) -> None:
    outcome = tried(history, trial())

    assert outcome.complaints == COMPLAINTS
    assert outcome.changed == 0
    assert outcome.changes == ()
    assert {effect.clock for effect in outcome.clocks} == {"acknowledge", "explain", "resolve"}
    assert all(effect.before == effect.after for effect in outcome.effects)
    assert sum(effect.before.promises for effect in outcome.clocks) >= 3 * COMPLAINTS


def test_less_time_breaks_promises_and_more_time_keeps_them(history: TestDesk) -> None:
    strict = {e.clock: e for e in tried(history, trial(STRICT)).clocks}
    lenient = {e.clock: e for e in tried(history, trial(LENIENT)).clocks}

    assert strict["explain"].worse > 0 == strict["explain"].better
    assert lenient["acknowledge"].better > 0 == lenient["acknowledge"].worse
    for unchanged in (strict["acknowledge"], strict["resolve"], lenient["explain"]):
        assert unchanged.before == unchanged.after


def test_processes_find_what_one_finds(history: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = tried(history, trial(STRICT))
    monkeypatch.setattr(trials, "WORTH_SHARING", 0)

    assert tried(history, trial(STRICT), processes=2) == alone


def test_a_process_that_was_killed_is_said_in_a_sentence(
    history: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "WORTH_SHARING", 0)
    monkeypatch.setattr(trials, "_begin", os.abort)

    with pytest.raises(Refused, match="ended from outside"):
        tried(history, trial(), processes=2)


def test_only_complaints_of_the_stretch_and_the_policy_count(history: TestDesk) -> None:
    received = history.receive(at=NINE - HOUR)
    history.receive(at=NINE)
    history.engine.catch_up()

    assert tried(history, trial(days=180)).complaints == COMPLAINTS + 1
    assert tried(history, trial(policy="another")).complaints == 0
    assert tried(history, trial(policy="")).complaints == COMPLAINTS + 1
    assert received


def test_a_policy_that_nobody_had_gives_every_complaint_new_promises(history: TestDesk) -> None:
    other = STRICT.replace('id = "house"', 'id = "other"').replace(
        'name = "resolve"', 'name = "settle"'
    )

    outcome = tried(history, trial(other, policy=""))

    appeared = {c.clock: c for c in outcome.changes if c.before == "none"}
    gone = {c.clock for c in outcome.changes if c.after == "none"}
    assert (set(appeared), gone) == ({"settle"}, {"resolve"})


def test_a_second_trial_waits_and_is_refused_in_the_end(history: TestDesk) -> None:
    database = history.store.database
    database.url += ("&" if "?" in database.url else "?") + "options=-c%20lock_timeout%3D10ms"
    with database.dedicated() as conn:
        conn.execute("select pg_advisory_lock(%s)", (trials.TRIAL_LOCK,))

        with pytest.raises(Refused, match="Another policy is being tried"):
            list(try_out(database, trial()))


def test_nothing_is_written(history: TestDesk) -> None:
    def rows() -> Any:
        with history.store.database.connection() as conn:
            return conn.execute(
                "select (select count(*) from desk.events), (select sum(hashtext(q::text)) from"
                " read.queue q)"
            ).fetchone()

    before = rows()
    tried(history, trial(STRICT))

    assert rows() == before
