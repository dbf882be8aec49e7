"""What is known of each complaint that was received in a stretch of history?

The table is read by ranges of its blocks, each as one value that is decoded at C speed: a history
of any length takes the memory of one range, and several processes can share it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import psycopg

from recovery.errors import Invalid
from recovery.policy.clocks import Clock
from recovery.policy.costs import Cost
from recovery.policy.story import Story

BLOCKS = 512
"""In a range: a few thousand complaints."""


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """Complaints received from `since` until before `until`."""

    since: datetime
    until: datetime
    policy: str = ""
    """Only those bound to it, in whichever version; all where it is empty."""


class Days(msgspec.Struct, frozen=True):
    """A stretch of days, the last one included."""

    first: date
    last: date

    @classmethod
    def last_quarter(cls, today: date) -> Days:
        """The three calendar months that ended last."""
        this = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
        last = this - timedelta(days=1)
        return cls(date(last.year, last.month - 2, 1), last)

    @classmethod
    def parse(cls, since: str, until: str) -> Days:
        """Raises Invalid, with the field at fault."""
        first, last = _day(since, "since"), _day(until, "until")
        if last < first:
            raise Invalid("The last day lies before the first one.", field="until")
        return cls(first, last)

    def stretch(self, zone: ZoneInfo, policy: str) -> Stretch:
        """The same days on the clocks of a zone."""
        end = self.last + timedelta(days=1)
        return Stretch(
            since=datetime.combine(self.first, time(), zone),
            until=datetime.combine(end, time(), zone), policy=policy,
        )  # fmt: skip


def _day(text: str, field: str) -> date:
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid("This is not a day (write it like 2026-03-31).", field=field) from None
    if not 1900 <= found.year <= 2200:
        raise Invalid("Choose a day of the years 1900 to 2200.", field=field)
    return found


class Told(msgspec.Struct, frozen=True, array_like=True):
    """One complaint, with its clocks as they stand."""

    reference: str
    received_at: datetime
    category: str
    channel: str
    tier: str
    complainant: str
    story: Story
    clocks: tuple[Clock, ...]


_TOLD = (
    "select coalesce(json_agg(json_build_array(reference, received_at, category, channel, tier,"
    " complainant, story, clocks)), '[]')::text from read.queue"
    " where ctid >= %(first)s::tid and ctid < %(end)s::tid"
    " and received_at >= %(since)s and received_at < %(until)s"
    " and (%(policy)s = '' or story ->> 'policy' = %(policy)s)"
)
_decode = msgspec.json.Decoder(list[Told]).decode


def ranges(conn: psycopg.Connection[Any]) -> list[tuple[int, int]]:
    """The table's blocks in ranges of equal length: first, and the one after the last."""
    row = conn.execute(
        "select pg_relation_size('read.queue') / current_setting('block_size')::int"
    ).fetchone()
    assert row is not None
    return [(first, first + BLOCKS) for first in range(0, row[0], BLOCKS)]


def told(conn: psycopg.Connection[Any], stretch: Stretch, blocks: tuple[int, int]) -> list[Told]:
    """The complaints of the stretch that lie in a range of blocks."""
    asked = {
        "first": f"({blocks[0]},0)", "end": f"({blocks[1]},0)", "since": stretch.since,
        "until": stretch.until, "policy": stretch.policy,
    }  # fmt: skip
    row = conn.execute(_TOLD, asked, prepare=True).fetchone()
    assert row is not None
    return _decode(row[0])


_RECORDED = (
    "select p.guarantee, p.currency, count(*), sum(p.total) from read.payouts p"
    " join read.queue q on q.reference = p.complaint"
    " where q.received_at >= %(since)s and q.received_at < %(until)s and p.total > 0"
    " and p.policy <> '' and (%(policy)s = '' or q.story ->> 'policy' = %(policy)s)"
    " and p.guarantee not in ('goodwill', 'redress') group by 1, 2 order by 1, 2"
)


def recorded_costs(conn: psycopg.Connection[Any], stretch: Stretch) -> tuple[Cost, ...]:
    """What guarantees owe the complaints of the stretch, as the log has it."""
    asked = {"since": stretch.since, "until": stretch.until, "policy": stretch.policy}
    return tuple(
        Cost(guarantee=row[0], currency=row[1], by="all", value="", payouts=row[2], money=row[3])
        for row in conn.execute(_RECORDED, asked)
    )


def open_by_version(conn: psycopg.Connection[Any]) -> dict[tuple[str, str], int]:
    """How many open complaints are bound to each version of each policy."""
    rows: Iterator[tuple[str, str, int]] = conn.execute(
        "select policy, policy_version, count(*) from read.queue where open group by 1, 2"
    )
    return {(policy, version): count for policy, version, count in rows}
