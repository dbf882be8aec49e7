"""What does an export tell of an event? What the log holds of it, as it is stored: no words."""

from __future__ import annotations

import msgspec

from projections.everything import Logged
from web.exporting.columns import Column, utc

COLUMNS: tuple[Column[Logged], ...] = (
    Column("position", "whole", lambda each: each.record.position),
    Column("stream", "text", lambda each: each.record.stream),
    Column("version", "whole", lambda each: each.record.version),
    Column("type", "text", lambda each: each.topic.partition("@")[0]),
    Column("schema", "whole", lambda each: int(each.topic.partition("@")[2] or 1)),
    Column("at", "instant", lambda each: utc(each.record.event.at)),
    Column("recorded_at", "instant", lambda each: utc(each.record.recorded_at)),
    Column("by", "text", lambda each: each.record.event.by),
    Column("payload", "json", lambda each: msgspec.Raw(each.state)),
)
