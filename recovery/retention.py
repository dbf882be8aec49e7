"""How long is a complaint kept after it was closed, and by which rule?

The rules are the organisation's own, adopted by a supervisor and kept in the log. The first that
fits a complaint counts; what fits none is kept. A person is forgotten when every complaint of
theirs has reached its end (`docs/decisions/0025-forgetting.md`).
"""

from __future__ import annotations

import re
import tomllib
from datetime import datetime
from typing import Any, get_args

import msgspec
import psycopg

from recovery import text as texts
from recovery.belongings import Belongings, states, streams
from recovery.errors import Invalid, Refused
from recovery.events import Keeping, KeepUnit, Outcome, Recorded, RetentionAdopted
from recovery.forgetting import Guard
from recovery.mapper import decode
from recovery.payout import state_of
from recovery.store import Command, Conflict, Done, Store

STREAM = "retention-rules"
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
MOST = 100
RIGHT = 'write it like "6 years", "18 months" or "90 days"'
_AMOUNT = re.compile(r"(\d{1,5}) +(year|month|day)s?")
_LAST = (
    "select topic, state from desk.events"
    " where split_part(topic, '@', 1) = 'retention.retention_adopted'"
    " order by notification_id desc limit 1"
)


_PAYOUTS = (
    "select distinct originator_id from desk.events"
    " where split_part(topic, '@', 1) = 'payout.due' and desk.said(state, 'complaint') = any(%s)"
)


class _Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule as it stands in a file."""

    name: str
    keep: str
    categories: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = ()


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rule: tuple[_Written, ...] = ()


def parse(text: str) -> tuple[Keeping, ...]:
    """The rules of a TOML text; raises Invalid with what would be right."""
    try:
        written = msgspec.convert(tomllib.loads(text), _File).rule
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"This is not TOML: {error}.", field="rules") from None
    except msgspec.ValidationError as error:
        raise Invalid(f"This cannot be a rule: {error}.", field="rules") from None
    if len(written) > MOST:
        raise Invalid(f"These are too many rules; the most is {MOST}.", field="rules")
    if len({each.name for each in written}) < len(written):
        raise Invalid("Two rules have the same name.", field="rules")
    return tuple(map(_rule, written))


def write(rules: tuple[Keeping, ...]) -> str:
    """The text that says these rules."""
    parts = []
    for rule in rules:
        lines = ["[[rule]]", f"name = {_quoted(rule.name)}", f'keep = "{rule.count} {rule.unit}"']
        for name, values in (("categories", rule.categories), ("outcomes", rule.outcomes)):
            if values:
                lines.append(f"{name} = [{', '.join(map(_quoted, values))}]")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def rules_in_force(conn: psycopg.Connection[Any]) -> tuple[Keeping, ...]:
    """Those that were adopted last; none where nobody adopted any."""
    row = conn.execute(_LAST).fetchone()
    event = decode(row[0], row[1]) if row else None
    return event.rules if isinstance(event, RetentionAdopted) else ()


def adopt(
    store: Store, rules: tuple[Keeping, ...], *, by: str, at: datetime,
    seen: int | None = None, command: Command | None = None,
) -> Done:  # fmt: skip
    """Put the rules in force; raises Conflict where somebody did so at the same time."""
    if command and (done := store.done(command)):
        return done
    version = len(store.records(STREAM))
    if seen not in (None, version):
        raise Conflict("Somebody changed the rules meanwhile.")
    event = RetentionAdopted(at=at, by=by, rules=rules)
    return store.append([Recorded(STREAM, version + 1, event)], command=command)


def guard(complaints: tuple[str, ...]) -> Guard:
    """Refuses where somebody is at work for the person, money is on its way to them, or a complaint
    came meanwhile: by the log, however far the lists have come."""

    def refuse(conn: psycopg.Connection[Any], found: Belongings) -> None:
        if set(found.complaints) - set(complaints):
            raise Refused("Another complaint has come meanwhile.")
        if any(state.goes_on for state in states(conn, found.complaints).values()):
            raise Refused("A complaint of this person is open.")
        if found.waiting:
            raise Refused("Mail of this person waits for an agent.")
        if _is_owed(conn, found):
            raise Refused("Money is on its way to this person.")

    return refuse


def _is_owed(conn: psycopg.Connection[Any], found: Belongings) -> bool:
    payouts = [row[0] for row in conn.execute(_PAYOUTS, (list(found.complaints),))]
    known = (state_of(records) for records in streams(conn, payouts).values())
    return any(
        money > 0
        for state in known
        if state
        for money in (state.owed, state.approved, state.instructed)
    )


def _rule(written: _Written) -> Keeping:
    name = texts.required(
        written.name, field="rules", sentence="A rule needs a name.", limit=60
    )  # fmt: skip
    found = _AMOUNT.fullmatch(written.keep.strip())
    if not found or int(found[1]) < 1:
        typed = written.keep[:30]
        raise Invalid(f'Rule "{name}": keep = "{typed}": {RIGHT}.', field="rules")
    unit: KeepUnit = {"year": "years", "month": "months", "day": "days"}[found[2]]  # type: ignore[assignment]
    if int(found[1]) > {"years": 200, "months": 2_400, "days": 73_000}[unit]:
        raise Invalid(f'Rule "{name}": nothing is kept longer than 200 years.', field="rules")
    categories = tuple(texts.code(each, field="rules") for each in written.categories)
    return Keeping(name, int(found[1]), unit, categories, written.outcomes)


def _quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()
