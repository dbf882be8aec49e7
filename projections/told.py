"""Which step was the complainant told, and when?

The first letter that told them counts. What waits to leave has told them nothing yet, and neither
has an act whose letter came back.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self

import msgspec
from msgspec.structs import replace

from recovery.events import Acknowledged, Explained, LetterLeft, LetterReturned


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """Of a row: a step without a published date is true and has no instant."""

    acknowledged: bool = False
    acknowledged_at: datetime | None = None
    explained: bool = False
    explained_at: datetime | None = None

    def told(self, event: Acknowledged | Explained | LetterLeft) -> Self:
        kind = event.kind if isinstance(event, LetterLeft) else event.topic.partition(".")[2]
        if kind == "acknowledged" and not self.acknowledged:
            return replace(self, acknowledged=True, acknowledged_at=event.at)
        if kind == "explained" and not self.explained:
            return replace(self, explained=True, explained_at=event.at)
        return self

    def untold(self, event: LetterReturned) -> Self:
        if event.act_at is None:
            return self
        counted_at = event.told_at or event.act_at
        if event.kind == "acknowledged" and counted_at == self.acknowledged_at:
            return replace(self, acknowledged=False, acknowledged_at=None)
        if event.kind == "explained" and counted_at == self.explained_at:
            return replace(self, explained=False, explained_at=None)
        return self
