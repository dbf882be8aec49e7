"""Does the worker do by itself what rules, list and scrubbing ask for, once?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from recovery import forgotten, retention
from recovery.desk import reference_of
from recovery.errors import Invalid
from recovery.events import Forgotten, complainant_stream
from recovery.forgetter import Forgetter
from recovery.holds import Holds
from recovery.vault import Contact
from tests.cast import ANA, SUE
from tests.forgetting.people import LONG, OTTOLINE
from tests.web.conftest import settings  # noqa: F401  (a fixture)
from web.runtime import Runtime
from web.settings import Settings
from web.worker.forgetting import Keeper, Ruled, is_time_to_scrub, rule

YEAR = timedelta(days=366)


@pytest.fixture
def runtime(settings: Settings, database: Any) -> Runtime:  # noqa: F811
    found = Runtime(settings, database)
    found.prepare(now=datetime.now(UTC))
    return found


def closed(runtime: Runtime, contact: Contact) -> str:
    """Somebody whose only complaint was closed just now."""
    at = datetime.now(UTC)
    reference = reference_of(
        runtime.desk.receive(by=ANA, at=at, description="Late.", contact=contact)
    )
    runtime.desk.explain(reference, by=ANA, at=at, outcome="not_upheld", message="Snow.")
    runtime.desk.close(reference, by=ANA, at=at, outcome="not_upheld")
    return runtime.desk.state(reference)[0].received.complainant


def was_forgotten(runtime: Runtime, person: str) -> int:
    records = runtime.store.records(complainant_stream(person))
    return sum(isinstance(record.event, Forgotten) for record in records)


def test_rules_are_carried_out_listed_and_scrubbed(runtime: Runtime) -> None:
    rules = retention.parse('[[rule]]\nname = "a year"\nkeep = "1 year"\n')
    retention.adopt(runtime.store, rules, by=SUE, at=datetime.now(UTC))
    due, held = closed(runtime, OTTOLINE), closed(runtime, LONG)
    Holds(runtime.store, runtime.vault).place(
        kind="person", subject=held, reason="4711", until=None, by=SUE, at=datetime.now(UTC)
    )
    runtime.engine.catch_up()
    now = datetime.now(UTC)
    early, late = Keeper(runtime, clock=lambda: now), Keeper(runtime, clock=lambda: now + YEAR)

    early.step()
    assert was_forgotten(runtime, due) == 0
    late.step()
    late.step()

    assert (was_forgotten(runtime, due), was_forgotten(runtime, held)) == (1, 0)
    [line] = forgotten.read(runtime.settings.forgotten_list)
    assert (line.complainant, line.rule, line.by) == (due, "a year", "system:retention")
    assert not is_time_to_scrub(runtime, now + 2 * YEAR)
    assert rule(runtime, now=now + YEAR) == Ruled(0, 1)


def test_the_list_is_read_again_once_somebody_was_forgotten(runtime: Runtime) -> None:
    person, now, path = (
        closed(runtime, OTTOLINE),
        datetime.now(UTC),
        runtime.settings.forgotten_list,
    )
    keeper = Keeper(runtime, clock=lambda: now)
    keeper.step()
    path.parent.mkdir(parents=True)
    path.write_bytes(b"torn\ntorn\n")
    keeper.step()

    Forgetter(runtime.store, runtime.vault).forget(person, by=SUE, at=now, reason="asked")

    with pytest.raises(Invalid):
        keeper.step()
    path.unlink()
    keeper.step()
    assert [each.complainant for each in forgotten.read(path)] == [person]


def test_files_are_scrubbed_when_the_setting_says_so(runtime: Runtime) -> None:
    person, now = closed(runtime, OTTOLINE), datetime.now(UTC)
    assert not is_time_to_scrub(runtime, now + YEAR)

    Forgetter(runtime.store, runtime.vault).forget(person, by=SUE, at=now, reason="asked")

    hours = runtime.settings.scrub_hours
    assert not is_time_to_scrub(runtime, now + timedelta(hours=hours - 1))
    assert is_time_to_scrub(runtime, now + timedelta(hours=hours + 1))


def test_a_worker_that_starts_forgets_again_whoever_is_on_the_list(runtime: Runtime) -> None:
    person, path = closed(runtime, OTTOLINE), runtime.settings.forgotten_list
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'{{"position":7,"complainant":"{person}","at":"2026-01-02T03:04:05Z","by":"user:sue",'
        '"reason":"asked"}\n'
    )
    now = datetime.now(UTC)

    Keeper(runtime, clock=lambda: now).step()
    Keeper(runtime, clock=lambda: now).step()

    assert was_forgotten(runtime, person) == 1
