"""On which complaints is something owed otherwise than recorded, and since when?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.dialects.postgresql import ARRAY, JSON

from projections import story as stories
from projections.story import TELLING, Story, clocks_of, told
from projections.table import Given, Projection, metadata
from recovery.events import (
    PAYOUT_EVENTS,
    Due,
    Event,
    Merged,
    PayoutEvent,
    Reapplied,
    Received,
    Recorded,
    Unmerged,
    Used,
    subject,
)
from recovery.owing import Owing, Standing, after, next_review
from recovery.policy.guarantees.known import Earlier
from recovery.policy.library import NONE
from recovery.quota import heard


class Entitlement(msgspec.Struct, frozen=True, kw_only=True):
    """What one complaint is owed, and when somebody has to look again."""

    complaint: str
    complainant: str
    story: Story
    owing: tuple[Owing, ...] = ()
    """What the log says."""
    elsewhere: tuple[Earlier, ...] = ()
    """What the complainant's other complaints have of what they can get in a year."""
    looked_at: datetime
    """As of when that is known to be right, or wrong."""
    review_at: datetime | None = None
    """The first instant from then on at which something else is owed."""
    merged: bool = False
    """While the complaint is answered under another one, nothing falls due under this one."""


table = sa.Table(
    "entitlements",
    metadata,
    sa.Column("complaint", sa.Text(collation="C"), primary_key=True),
    sa.Column("complainant", sa.Text(collation="C"), nullable=False),
    sa.Column("story", JSON, nullable=False),
    sa.Column("owing", JSON, nullable=False),
    sa.Column("elsewhere", JSON, nullable=False),
    sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("review_at", sa.DateTime(timezone=True)),
    sa.Column("merged", sa.Boolean, nullable=False),
)
_c = table.c
sa.Index("entitlements_review", _c.review_at, postgresql_where=_c.review_at.is_not(None))
sa.Index("entitlements_complainant", _c.complainant)


def groups(record: Recorded) -> Sequence[str]:
    event = record.event
    if isinstance(event, Used):
        return tuple({event.complaint, *(each.complaint for each in event.others)})
    if type(event) in PAYOUT_EVENTS:
        return (event.complaint,)  # type: ignore[attr-defined]
    return stories.groups(record)


def fold(rows: tuple[Entitlement, ...], record: Recorded, given: Given) -> tuple[Entitlement, ...]:
    event = record.event
    if not rows:
        return _opened(record)
    [row] = rows
    if isinstance(event, Used):
        at = max(row.looked_at, event.at or row.looked_at)
        return (replace(row, elsewhere=heard(row.elsewhere, row.complaint, event), looked_at=at),)
    if isinstance(event, PayoutEvent):
        looked_at = row.looked_at
        if isinstance(event, Due) and event.at is not None and event.basis == "guarantee":
            looked_at = max(looked_at, event.at)
        return (replace(row, owing=after(row.owing, record), looked_at=looked_at),)
    if isinstance(event, Merged | Unmerged):
        return (replace(row, merged=isinstance(event, Merged)),)
    story = told(row.story, event, given)
    if story is row.story:
        return rows
    looked_at = max(at for at in (row.looked_at, event.at, record.recorded_at) if at is not None)
    return (replace(row, story=story, looked_at=looked_at),)


def _opened(record: Recorded) -> tuple[Entitlement, ...]:
    """Complaints of others, that no policy of ours promises anything, have no row."""
    event = record.event
    if not isinstance(event, Received) or event.policy == NONE.policy:
        return ()
    known = [at for at in (event.at, record.recorded_at) if at is not None]
    if not known:
        return ()
    return (
        Entitlement(
            complaint=subject(record.stream), complainant=event.complainant,
            story=Story.of(event, record.recorded_at), looked_at=max(known),
        ),
    )  # fmt: skip


def settle(rows: tuple[Entitlement, ...], given: Given) -> tuple[Entitlement, ...]:
    """Find out when to look again."""
    return tuple(replace(row, review_at=_review_at(row, given)) for row in rows)


def _review_at(row: Entitlement, given: Given) -> datetime | None:
    return None if row.merged else next_review(standing(row, given), row.looked_at)


def standing(row: Entitlement, given: Given) -> Standing:
    story = row.story
    version = given.policies.version(story.policy, story.policy_version)
    return Standing(
        row.complaint, version, story, clocks_of(story, given), row.owing, row.elsewhere
    )


READ: frozenset[type[Event]] = TELLING | PAYOUT_EVENTS | {Reapplied, Merged, Unmerged, Used}
PROJECTION: Projection[Entitlement] = Projection(
    name="entitlements",
    version=4,
    table=table,
    row=Entitlement,
    group="complaint",
    events=READ,
    groups=groups,
    fold=fold,
    settle=settle,
    starts=lambda record: isinstance(record.event, Received),
)

_COLUMNS = sa.func.json_build_object(
    *(part for name in PROJECTION.columns for part in (name, _c[name]))
)
_decode = msgspec.json.Decoder(Entitlement).decode


def of_complaint(conn: sa.Connection, complaint: str) -> Entitlement | None:
    """What one complaint is owed; None where no policy of ours promises it anything."""
    found = conn.scalar(sa.select(sa.cast(_COLUMNS, sa.Text)).where(_c.complaint == complaint))
    return None if found is None else _decode(found)


def of_complaints(conn: sa.Connection, complaints: Collection[str]) -> list[Entitlement]:
    """What each of these complaints is owed; without those that our policies promise nothing."""
    wanted = _c.complaint == sa.any_(sa.literal(list(complaints), ARRAY(sa.Text)))
    found = conn.scalars(sa.select(sa.cast(_COLUMNS, sa.Text)).where(wanted))
    return [_decode(each) for each in found]


def to_review(
    conn: sa.Connection, *, now: datetime, limit: int, but: Collection[str] = ()
) -> list[Entitlement]:
    """Complaints that are owed something else than recorded by now, longest ago first."""
    found = conn.scalars(
        sa.select(sa.cast(_COLUMNS, sa.Text))
        .where(_c.review_at <= now, _c.complaint.not_in(but))
        .order_by(_c.review_at)
        .limit(limit)
    )
    return [_decode(each) for each in found]
