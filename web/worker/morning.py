"""Are the supervisors owed their daily mail?

Once for each day of the house's zone, from the set hour on: a worker that comes late sends it late,
a day on which none worked has none, and the day's stream takes one event however many ask.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from recovery.database import Database
from recovery.events import DayBegun, Recorded, daily_stream
from recovery.store import Conflict, Store
from web.accounts import Accounts
from web.mail.daily import KIND
from web.mail.wanted import offered, unwanted

if TYPE_CHECKING:
    from web.runtime import Runtime

BY = "system:clock"
POLL = 20.0
"""Seconds between two looks at the time."""


class Morning:
    """Begins each day; any number may run at once."""

    def __init__(
        self, *, store: Store, accounts: Accounts, zone: ZoneInfo, hour: time,
        clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._store = store
        self._accounts = accounts
        self._zone = zone
        self._hour = hour
        self._clock = clock
        self._begun: date | None = None
        """The last day that is known to have begun: nothing to ask for."""

    @classmethod
    def of(cls, runtime: Runtime, *, clock: Callable[[], datetime]) -> Morning | None:
        """As the settings say; None where no mail is wanted."""
        settings = runtime.settings
        hour = settings.daily_from
        if hour is None:
            return None
        return cls(
            store=runtime.store, accounts=runtime.accounts, zone=ZoneInfo(settings.time_zone),
            hour=hour, clock=clock,
        )  # fmt: skip

    def follow(self, stopping: threading.Event) -> None:
        """Work until told to stop."""
        while not stopping.wait(POLL):
            self.step()

    def step(self) -> bool:
        """Whether this one began the day."""
        there = self._clock().astimezone(self._zone)
        if there.time() < self._hour or there.date() == self._begun:
            return False
        done = self._begin(there.date())
        self._begun = there.date()
        return done

    def _begin(self, day: date) -> bool:
        stream = daily_stream(day)
        to = self._supervisors(self._store.database)
        if not to or self._store.records(stream):
            return False
        now = self._clock()
        due = datetime.combine(day, self._hour, self._zone).astimezone(now.tzinfo)
        event = DayBegun(at=min(due, now), by=BY, day=day, to=to)
        try:
            self._store.append([Recorded(stream, 1, event)])
        except Conflict:
            return False  # another worker was first
        return True

    def _supervisors(self, database: Database) -> tuple[str, ...]:
        """Those who want it."""
        with database.connection() as conn:
            return tuple(
                user.by
                for user in self._accounts.users()
                if KIND in offered(user) and KIND not in unwanted(conn, user.id)
            )
