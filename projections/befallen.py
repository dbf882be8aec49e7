"""Which complaints did an incident befall, by what is known of them?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa

from projections.queue import table
from recovery.errors import Invalid

FIELDS = ("category", "product", "channel", "severity", "tier", "policy")
ATTRIBUTE = "attribute."


def befallen(
    conn: sa.Connection, where: Mapping[str, str], *, zone: str, since: date | None = None,
    until: date | None = None,
) -> list[str]:  # fmt: skip
    """References of complaints with these values, received on these days; raises Invalid.

    Nothing asked for is nobody: an incident befell somebody in particular.
    """
    if not where and since is None and until is None:
        raise Invalid("Say whom it befell: references, or what is known of them.", field="where")
    day = sa.cast(sa.func.timezone(zone, table.c.received_at), sa.Date)
    wanted = [_is(name, value) for name, value in where.items()]
    wanted += [day >= since] if since else []
    wanted += [day <= until] if until else []
    query = sa.select(table.c.reference).where(*wanted).order_by(table.c.reference)
    return list(conn.scalars(query))


def _is(name: str, value: str) -> sa.ColumnElement[bool]:
    if name in FIELDS:
        return table.c[name] == value
    if name.startswith(ATTRIBUTE):
        given: sa.ColumnElement[str] = table.c.attributes[name.removeprefix(ATTRIBUTE)].astext
        return given == value
    known = ", ".join((*FIELDS, f"{ATTRIBUTE}NAME"))
    raise Invalid(f"There is no {name[:40]!r} (there are {known}).", field="where")
