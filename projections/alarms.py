"""On which complaints has time made something true, and which follow an older policy than they
should?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import msgspec
import sqlalchemy as sa

from projections.queue import table
from recovery.clock import Raised
from recovery.policy.clocks import Clock
from recovery.policy.story import Story

_c = table.c


class Waiting(msgspec.Struct, frozen=True):
    """A complaint for the timekeeper."""

    reference: str
    open: bool
    assignee: str | None
    severity: str
    story: Story
    clocks: tuple[Clock, ...]
    raised: tuple[Raised, ...]
    reapplied: int
    """How often it was given another version of its policy."""


_COLUMNS = sa.func.json_build_object(
    *(part for name in Waiting.__struct_fields__ for part in (name, _c[name]))
)
_decode = msgspec.json.Decoder(Waiting).decode


def due(
    conn: sa.Connection, *, now: datetime, limit: int, but: Collection[str] = ()
) -> list[Waiting]:
    """Complaints on which something has become true that is not recorded, longest ago first."""
    return _read(
        conn,
        sa.select(sa.cast(_COLUMNS, sa.Text))
        .where(_c.alarm <= now, _others(but))
        .order_by(_c.alarm)
        .limit(limit),
    )


def following(
    conn: sa.Connection, *, policy: str, versions: Collection[str], limit: int,
    but: Collection[str] = (),
) -> list[Waiting]:  # fmt: skip
    """Open complaints that are bound to one of these versions of the policy."""
    return _read(
        conn,
        sa.select(sa.cast(_COLUMNS, sa.Text))
        .where(_c.open, _c.policy == policy, _c.policy_version.in_(versions))
        .where(_others(but))
        .limit(limit),
    )


def bound(conn: sa.Connection) -> dict[tuple[str, str], int]:
    """How many open complaints each version of each policy has."""
    rows = conn.execute(
        sa.select(_c.policy, _c.policy_version, sa.func.count())
        .where(_c.open)
        .group_by(_c.policy, _c.policy_version)
    )
    return {(policy, version): count for policy, version, count in rows}


def _others(but: Collection[str]) -> sa.ColumnElement[bool]:
    return _c.reference != sa.all_(sa.literal(list(but), sa.ARRAY(sa.Text)))


def _read(conn: sa.Connection, query: sa.Select[str]) -> list[Waiting]:
    return [_decode(found) for found in conn.scalars(query)]
