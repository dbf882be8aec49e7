"""Which promises of time were made, and how did each end?"""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.dialects.postgresql import JSON

from projections.story import TELLING, Story, clocks_of, groups, set_aside, told
from projections.table import Given, Projection, metadata
from recovery.events import Merged, Reapplied, Received, Recorded, Unmerged, subject
from recovery.policy.clocks import Clock
from recovery.policy.library import NONE


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """One clock of one complaint, in one cycle."""

    complaint: str
    clock: str
    cycle: int
    state: str = "running"
    target: str = ""
    started_at: datetime | None = None
    due: datetime | None = None
    stopped_at: datetime | None = None
    met: bool | None = None
    policy: str = ""
    policy_version: str = ""
    story: Story | None = None
    """What the clocks follow from; kept once, in the complaint's first row."""
    merged_at: datetime | None = None
    """Since when the complaint is answered under another one; likewise."""

    @classmethod
    def of(cls, complaint: str, clock: Clock, story: Story) -> Promise:
        return cls(
            complaint=complaint, clock=clock.name, cycle=clock.cycle, state=clock.state,
            target=clock.target, started_at=clock.started_at, due=clock.due,
            stopped_at=clock.stopped_at, met=clock.met, policy=story.policy,
            policy_version=clock.policy_version or story.policy_version,
        )  # fmt: skip


table = sa.Table(
    "clocks",
    metadata,
    sa.Column("complaint", sa.Text(collation="C"), primary_key=True),
    sa.Column("clock", sa.Text(collation="C"), primary_key=True),
    sa.Column("cycle", sa.Integer, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("started_at", sa.DateTime(timezone=True)),
    sa.Column("due", sa.DateTime(timezone=True)),
    sa.Column("stopped_at", sa.DateTime(timezone=True)),
    sa.Column("met", sa.Boolean),
    sa.Column("policy", sa.Text, nullable=False),
    sa.Column("policy_version", sa.Text, nullable=False),
    sa.Column("story", JSON),
    sa.Column("merged_at", sa.DateTime(timezone=True)),
)
sa.Index("clocks_clock", table.c.clock)
sa.Index("clocks_running", table.c.due, postgresql_where=table.c.state == "running")


def fold(rows: tuple[Promise, ...], record: Recorded, given: Given) -> tuple[Promise, ...]:
    if not rows:
        event = record.event
        if not isinstance(event, Received):
            return ()
        story = Story.of(event, record.recorded_at)
        return (_unpromised(subject(record.stream), story),)
    if isinstance(record.event, Merged | Unmerged):
        merged_at = record.event.at if isinstance(record.event, Merged) else None
        return (replace(rows[0], merged_at=merged_at), *rows[1:])
    before = rows[0].story
    after = told(before, record.event, given) if before else None
    return rows if after is before else (replace(rows[0], story=after), *rows[1:])


def settle(rows: tuple[Promise, ...], given: Given) -> tuple[Promise, ...]:
    """Run the clocks over the story.

    Where nothing is promised yet, a row keeps the story, for it may be classified anew; complaints
    of others, that no policy of ours can promise anything, have none.
    """
    story = rows[0].story if rows else None
    if story is None:
        return rows
    complaint, merged_at = rows[0].complaint, rows[0].merged_at
    found = sorted(
        (
            Promise.of(complaint, clock, story)
            for clock in set_aside(clocks_of(story, given), merged_at)
        ),
        key=lambda row: (row.clock, row.cycle),
    )
    if not found and story.policy != NONE.policy:
        found = [_unpromised(complaint, story)]
    return tuple(
        replace(r, story=story, merged_at=merged_at) if n == 0 else r for n, r in enumerate(found)
    )


def _unpromised(complaint: str, story: Story) -> Promise:
    return Promise(complaint=complaint, clock="", cycle=0, state="unpromised", story=story)


PROJECTION: Projection[Promise] = Projection(
    name="clocks",
    version=5,
    table=table,
    row=Promise,
    group="complaint",
    events=TELLING | {Reapplied, Merged, Unmerged},
    groups=groups,
    fold=fold,
    settle=settle,
    starts=lambda record: isinstance(record.event, Received),
)
