"""What does a list of complaints show of each?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from projections.queue import table
from recovery.complaint_state import Stage
from recovery.policy.clocks import Clock
from recovery.ties import Ties

_c = table.c


class Line(msgspec.Struct, frozen=True):
    """What a row of the queue shows; times are instants in UTC. Its fields are columns."""

    reference: str
    version: int
    stage: Stage
    open: bool
    cycle: int
    assignee: str | None
    complainant: str
    contact: str | None
    words: str | None
    channel: str
    language: str
    tier: str
    category: str
    product: str
    severity: str
    outcome: str
    received_at: datetime | None
    recorded_at: datetime | None
    closed_at: datetime | None
    paused: bool
    pause_reason: str
    paused_until: datetime | None
    unanswered_since: datetime | None
    next_due: datetime | None
    urgency: datetime
    flags: tuple[str, ...]
    desired_outcomes: tuple[str, ...]
    ties: Ties
    clocks: tuple[Clock, ...]

    @classmethod
    def of(cls, row: Sequence[Any]) -> Line:
        """The last columns are JSON."""
        flags, wishes, ties, clocks = row[-4:]
        read = (_codes(flags), _codes(wishes), _ties(ties), _clocks(clocks))
        return cls(*row[:-4], *read)  # type: ignore[call-arg]  # mypy counts the row as one


class Page(msgspec.Struct, frozen=True):
    """Some lines, and the cursor of the next page if there is one."""

    lines: list[Line]
    cursor: str | None


_codes = msgspec.json.Decoder(tuple[str, ...]).decode
_ties = msgspec.json.Decoder(Ties).decode
_clocks = msgspec.json.Decoder(tuple[Clock, ...]).decode
_JSON = ("flags", "desired_outcomes", "ties", "clocks")
COLUMNS = tuple(
    sa.cast(_c[f.name], sa.Text) if f.name in _JSON else _c[f.name]
    for f in msgspec.structs.fields(Line)
)
"""As `Line.of` takes them."""
