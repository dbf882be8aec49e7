"""How fast do letters go to one mail server's people, so that it does not take us for a machine?"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)


class Pace:
    """So many letters to one domain within any minute, for one worker; 0: as many as there are."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._sent: dict[str, deque[datetime]] = {}

    def wait(self, address: str, now: datetime) -> datetime | None:
        """When the next letter to this address may leave; None: now, and it is counted."""
        if not self._most:
            return None
        sent = self._sent.setdefault(address.rpartition("@")[2].lower(), deque())
        while sent and sent[0] <= now - MINUTE:
            sent.popleft()
        if len(sent) >= self._most:
            return sent[0] + MINUTE
        sent.append(now)
        return None
