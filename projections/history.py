"""Which events are about a complaint, in whichever stream they are?

Its own, those of its letters and clocks, and those of its payouts: as they are stored, in the order
of the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg

from projections.rawlog import Stored
from recovery.events import Recorded, complaint_stream, payout_stream
from recovery.mapper import decode
from recovery.seal import ROW

_COLUMNS = ", ".join(f"e.{name}" for name in ROW.split(", "))
_EVENTS = f"""
select substr(e.originator_id, length(%(complaint)s) + 1), {_COLUMNS}
from desk.events e where e.originator_id = any(%(streams)s)
union all
select c.complaint, {_COLUMNS}
from read.case c join desk.events e on e.notification_id = c.position
where c.complaint = any(%(complaints)s)
union all
select p.complaint, {_COLUMNS}
from read.payouts p join desk.events e on e.originator_id = %(payout)s || p.payout
where p.complaint = any(%(complaints)s)
order by 2
"""  # noqa: S608 (our own names)


def stored(
    conn: psycopg.Connection[Any], complaints: Sequence[str]
) -> dict[str, list[Stored]]:  # fmt: skip
    """The events of each complaint; of those that there are none of, nothing."""
    asked = {
        "complaints": list(complaints), "streams": [*map(complaint_stream, complaints)],
        "complaint": complaint_stream(""), "payout": payout_stream(""),
    }  # fmt: skip
    found: dict[str, list[Stored]] = {}
    for complaint, *row in conn.execute(_EVENTS, asked, binary=True).fetchall():
        found.setdefault(complaint, []).append(Stored(*row))
    return found


def records(
    conn: psycopg.Connection[Any], complaints: Sequence[str]
) -> dict[str, list[Recorded]]:  # fmt: skip
    """The same, read."""
    return {
        complaint: [
            Recorded(r.stream, r.version, decode(r.topic, r.state), r.position, r.recorded_at)
            for r in rows
        ]
        for complaint, rows in stored(conn, complaints).items()
    }
