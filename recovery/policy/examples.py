"""Does a policy do in worked examples what they say it does?

An example tells facts and events, and what comes of them: clocks, payouts, the version chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from recovery.errors import Invalid
from recovery.policy.clocks import Clock, run
from recovery.policy.compiled import InForce
from recovery.policy.facts import read
from recovery.policy.guarantees.entitlement import assess
from recovery.policy.guarantees.known import Case, end_of
from recovery.policy.marks import ANSWERS, CLASSIFIED, INCIDENT, KINDS, MERGED, UNMERGED, Mark
from recovery.policy.records import Example, Told
from recovery.policy.sentences import Place, suggestion
from recovery.policy.story import Story
from recovery.policy.values import quoted

_NO_CLOCK = {"due": None, "due_on": None, "met": None, "state": "none", "cycle": None}
LONGEST_EXTENSION = 365
"""Days that one event may add, as for any complaint."""
_CHANGES = {CLASSIFIED: "attributes", INCIDENT: "facts"}


class Result(msgspec.Struct, frozen=True):
    """What came of an example, beside what it says."""

    id: str
    ok: bool
    got: dict[str, Any]
    expect: dict[str, Any]


def try_example(version: InForce, example: Example, now: datetime) -> Result:
    """What the policy makes of it; `now` ends a story without any day of its own.

    Raises Invalid where the example tells what no policy understands.
    """
    forced = example.pack.partition("@")[2]
    ruling = version.only(forced) if forced else version
    story = _story(version, example.given, example.id)
    got: dict[str, Any] = {}
    for key, wanted in example.expect.items():
        match key:
            case "clocks":
                _check_clocks(wanted, example.id)
                got[key] = _clocks(ruling, story, wanted, _as_of(version, story, now))
            case "payouts":
                _check_payouts(wanted, example.id)
                got[key] = _payouts(ruling, story, wanted, _as_of(version, story, now))
            case "version":
                edition = ruling.edition(story)
                got[key] = edition.name if edition else None
            case _:
                raise Invalid(
                    f"Example {example.id}: expect.{key}: "
                    f"{suggestion(key, ('clocks', 'payouts', 'version'))}"
                )
    return Result(example.id, _same(got, example.expect), got, example.expect)


def _check_clocks(wanted: object, name: str) -> None:
    if not isinstance(wanted, Mapping):
        raise Invalid(f"Example {name}: expect.clocks is no table of clocks by their names.")
    for clock, keys in wanted.items():
        if not isinstance(keys, Mapping) or not keys or not set(keys) <= set(_NO_CLOCK):
            raise Invalid(
                f"Example {name}: expect.clocks.{clock} is no table of {quoted(tuple(_NO_CLOCK))}."
            )


def _check_payouts(wanted: object, name: str) -> None:
    if not isinstance(wanted, list | tuple) or not all(isinstance(w, Mapping) for w in wanted):
        raise Invalid(f"Example {name}: expect.payouts is no list of tables.")


def _story(version: InForce, given: Told, name: str) -> Story:
    facts = {fact: _text(value) for fact, value in given.facts.items() if value is not None}
    known = (*KINDS, CLASSIFIED, INCIDENT, MERGED, UNMERGED, *version.milestones)
    marks = tuple(_mark(event, known, name) for event in given.events)
    return Story(version.policy, version.version, given.attributes, marks, facts)


def _mark(event: Mapping[str, Any], known: tuple[str, ...], name: str) -> Mark:
    kind = str(event.get("type", ""))
    if kind not in known:
        raise Invalid(f'Example {name}: unknown event "{kind}" ({suggestion(kind, known)}).')
    changes = event.get(_CHANGES.get(kind, ""), {})
    if not isinstance(changes, Mapping):
        raise Invalid(f"Example {name}: {kind}: {_CHANGES[kind]} is no table of names and values.")
    automatic = bool(event.get("automatic")) and kind in ANSWERS
    return Mark(
        kind, _instant(event.get("at"), name), _days(event.get("days", 0), name), automatic,
        tuple(sorted((str(key), _text(value)) for key, value in changes.items())),
    )  # fmt: skip


def _days(given: object, name: str) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= LONGEST_EXTENSION:
        raise Invalid(
            f'Example {name}: days = "{given}" is no whole number from 0 to {LONGEST_EXTENSION}.'
        )
    return given


def _instant(given: object, name: str) -> datetime | None:
    if given is None:
        return None
    found = given if isinstance(given, datetime) else read("instant", str(given))
    if not isinstance(found, datetime) or found.tzinfo is None:
        raise Invalid(
            f'Example {name}: at = "{given}" is no instant ("2026-04-02T10:00:00+01:00").'
        )
    return found


def _text(value: object) -> str:
    """A fact as it is told."""
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)


def _as_of(version: InForce, story: Story, now: datetime) -> datetime:
    """The fact `as_of`, or the end of the story; a day means its last second."""
    told = story.told_by_now()
    asked = version.vocabulary.value("as_of", told)
    if "T" in told.get("as_of", "") and (instant := read("instant", told["as_of"])):
        asked = instant
    if isinstance(asked, date):
        return asked if isinstance(asked, datetime) else end_of(asked, version.zone)
    moments = [mark.at for mark in story.marks if mark.at is not None]
    for value in version.vocabulary.values(told).values():
        if isinstance(value, datetime):
            moments.append(value)
        elif isinstance(value, date):
            moments.append(end_of(value, version.zone))
    return max(moments, default=now)


def _clocks(
    version: InForce, story: Story, wanted: Mapping[str, Any], as_of: datetime
) -> dict[str, Any]:
    """Of each clock named, its last cycle, or the one that is asked for."""
    clocks = run(version, story)
    found: dict[str, Any] = {}
    for name, keys in wanted.items():
        cycle = keys.get("cycle")
        clock = next(
            (c for c in reversed(clocks) if c.name == name and cycle in (None, c.cycle)), None
        )
        told = _NO_CLOCK if clock is None else _shown(clock, version, as_of)
        found[name] = {key: told[key] for key in keys}
    return found


def _shown(clock: Clock, version: InForce, as_of: datetime) -> dict[str, Any]:
    due = clock.due.astimezone(version.zone) if clock.due else None
    late = clock.state == "running" and clock.due is not None and clock.due < as_of
    return {
        "due": due.isoformat() if due else None,
        "due_on": due.date().isoformat() if due else None,
        "met": False if late else clock.met,
        "state": clock.state,
        "cycle": clock.cycle,
    }


def _payouts(
    version: InForce, story: Story, wanted: Iterable[Mapping[str, Any]], as_of: datetime
) -> list[dict[str, Any]]:
    """All that is owed, with the keys that the example looks at."""
    edition = version.edition_for(story.told_by_now(), story.received_at)
    if edition is None:
        return []
    case = Case(story.told_by_now(), run(version, story), story.received_at)
    keys = {key for each in wanted for key in each} or {"guarantee", "amount", "currency"}
    return [
        {
            key: value
            for key, value in (
                ("guarantee", each.guarantee), ("amount", str(each.money.amount)),
                ("currency", each.money.currency),
                ("pay_by", each.pay_by.isoformat() if each.pay_by else None),
            )
            if key in keys
        }
        for each in assess(edition.guarantees, case, as_of).owed
    ]  # fmt: skip


def _same(got: object, wanted: object) -> bool:
    """Whether what came is what was wanted: instants in any zone, payouts in any order."""
    if isinstance(wanted, Mapping) and isinstance(got, Mapping):
        return all(key in got and _same(got[key], each) for key, each in wanted.items())
    if isinstance(wanted, list | tuple) and isinstance(got, list | tuple):
        left = list(got)
        for each in wanted:
            found = next((index for index, other in enumerate(left) if _same(other, each)), None)
            if found is None:
                return False
            del left[found]
        return not left
    if isinstance(got, str) and isinstance(wanted, str | date) and got != _text(wanted):
        one, other = read("instant", got), read("instant", _text(wanted))
        return one is not None and one == other
    return got == (_text(wanted) if isinstance(wanted, date) else wanted)


def check_examples(
    version: InForce, examples: Iterable[Example], place: Place, now: datetime
) -> None:
    """Raises PolicyError for the first that does not come out as it says."""
    for example in examples:
        at = place.at("example", example.id)
        try:
            result = try_example(version, example, now)
        except Invalid as error:
            raise at.error("given", None, str(error)) from None
        if not result.ok:
            key, got, wanted = _difference(result.got, result.expect, "expect")
            raise at.error(key, wanted, f"it comes out as {msgspec.json.encode(got).decode()}")


def _difference(got: Any, wanted: Any, path: str) -> tuple[str, Any, Any]:
    """Where the two differ first."""
    if isinstance(wanted, Mapping) and isinstance(got, Mapping):
        for key, each in wanted.items():
            if not _same(got.get(key), each):
                return _difference(got.get(key), each, f"{path}.{key}")
    return path, got, wanted
