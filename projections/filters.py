"""Which tickets does a filter let through?

A filter is a name and the value wanted. Those of FIELDS are columns; `clock` is how the next
promise stands, `wish` a desired outcome, `since` and `until` days of receipt, `attribute.NAME` an
attribute that the organisation declares.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from projections.queue import table
from recovery.errors import Invalid

FIELDS = (
    "stage", "assignee", "channel", "language", "tier", "category", "product", "severity",
    "outcome", "source", "complainant",
)  # fmt: skip
CLOCKS = ("overdue", "soon", "later", "none")
OTHERS = ("clock", "wish", "since", "until")
ATTRIBUTE = "attribute."
NOBODY = "nobody"
"""As an assignee."""
SOON = timedelta(days=1)
MOST = 12
_c = table.c
Shape = tuple[str, ...]
"""What of a question its statement depends on: the names of its filters, some with their value."""


def shape(filters: Mapping[str, str]) -> Shape:
    """The names, in order; raises Invalid for what is not a filter, or a value that cannot be."""
    if len(filters) > MOST:
        raise Invalid(f"These are too many filters; the most is {MOST}.")
    names = {_shape(name, value) for name, value in filters.items()}
    return tuple(sorted(names))


def _shape(name: str, value: str) -> str:
    if name.startswith(ATTRIBUTE) and name != ATTRIBUTE:
        return ATTRIBUTE
    if name == "clock":
        if value not in CLOCKS:
            raise Invalid(f"There is no {value[:40]!r} (there are {', '.join(CLOCKS)}).",
                          field="clock")  # fmt: skip
        return f"clock {value}"
    if (name, value) == ("assignee", NOBODY):
        return f"assignee {NOBODY}"
    if name in FIELDS or name in OTHERS:
        return name
    there_are = ", ".join((*FIELDS, *OTHERS, f"{ATTRIBUTE}NAME"))
    raise Invalid(f"There is no filter {name[:60]!r} (there are {there_are}).")


def condition(shape: Shape) -> sa.ColumnElement[bool]:
    """What the statement asks of a row."""
    return sa.and_(sa.true(), *(_condition(name) for name in shape))


def _condition(name: str) -> sa.ColumnElement[bool]:
    at = sa.func.coalesce(_c.received_at, _c.recorded_at)
    match name:
        case "clock overdue":  # nothing is due of what is closed
            return _c.open & (_c.urgency <= sa.bindparam("now"))
        case "clock soon":
            return _c.open & _c.urgency.between(sa.bindparam("now"), sa.bindparam("soon"))
        case "clock later":
            return _c.open & (_c.urgency > sa.bindparam("soon")) & _c.next_due.is_not(None)
        case "clock none":
            return _c.next_due.is_(None)
        case "assignee nobody":
            return _c.assignee.is_(None)
        case "wish":
            return _c.desired_outcomes.contains(sa.bindparam("wish", type_=JSONB))
        case "since":
            return at >= sa.bindparam("since")
        case "until":
            return at < sa.bindparam("until")
        case "attribute.":
            return _c.attributes.contains(sa.bindparam("attributes", type_=JSONB))
        case _:
            return _c[name] == sa.bindparam(name)


def given(filters: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """The values, as the statement takes them; raises Invalid for a day that is none."""
    found: dict[str, Any] = {name: value for name, value in filters.items() if name in FIELDS}
    found |= {"now": now, "soon": now + SOON}
    if wish := filters.get("wish"):
        found["wish"] = _json([wish])
    if since := filters.get("since"):
        found["since"] = _day(since, "since")
    if until := filters.get("until"):
        found["until"] = _day(until, "until") + timedelta(days=1)
    if attributes := _attributes(filters):
        found["attributes"] = _json(attributes)
    return found


def _attributes(filters: Mapping[str, str]) -> dict[str, str]:
    named = ((name, value) for name, value in filters.items() if name.startswith(ATTRIBUTE))
    return {name.removeprefix(ATTRIBUTE): value for name, value in named}


def _json(value: Iterable[str]) -> str:
    return msgspec.json.encode(value).decode()


def _day(text: str, field: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text.strip()), time(), UTC)
    except ValueError:
        raise Invalid("This is not a day (write it like 2026-03-31).", field=field) from None
