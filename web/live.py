"""When should a page that stands open look again?

One connection of each process listens to PostgreSQL and wakes whoever waits; where it is cut, pages
look again every few seconds until it is back.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import msgspec
import psycopg
from psycopg import sql
from starlette.concurrency import run_in_threadpool

from recovery.store import CHANNEL as EVENTS
from web.workbench.presence import CHANNEL as PRESENCE

POLL = 10.0
"""Seconds after which a page looks again although nothing woke it; keeps proxies content too."""
CALM = 0.3
"""Seconds in which wake-ups are taken together, and the projections follow."""
AGAIN = 2.0
"""Seconds until a cut connection is made anew."""
LASTS = 600.0
"""Seconds after which a browser connects again, so that none outlives its session for long."""
MOST = 12
"""Pages of one person that are told at once; one more, and the oldest is told no longer."""
log = logging.getLogger("recovery.live")


class Bell:
    """Rings for everybody who waits."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._seats: dict[str, list[asyncio.Event]] = {}
        self._waiting: set[asyncio.Event] = set()
        self._listener: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def waiting(self, person: str) -> AsyncIterator[asyncio.Event]:
        """An event that is set at each ring; the first who waits starts listening."""
        event = asyncio.Event()
        self._seats[person] = [*self._seats.get(person, ()), event][-MOST:]
        self._waiting.add(event)
        if self._listener is None or self._listener.done():
            self._listener = asyncio.create_task(self._listen())
        try:
            yield event
        finally:
            self._waiting.discard(event)
            self._seats[person] = [each for each in self._seats[person] if each is not event]
            if not self._waiting and self._listener:
                self._listener.cancel()

    def seated(self, person: str, event: asyncio.Event) -> bool:
        """Whether the one who waits with this event is among those who may."""
        return any(each is event for each in self._seats[person])

    def ring(self) -> None:
        for event in self._waiting:
            event.set()

    async def _listen(self) -> None:
        while self._waiting:
            try:
                await self._hear()
            except psycopg.Error as error:
                log.warning("not listening for changes: %s", type(error).__name__)
                await asyncio.sleep(AGAIN)

    async def _hear(self) -> None:
        connection = psycopg.AsyncConnection.connect(self._url, autocommit=True)
        async with await connection as conn:
            for channel in (EVENTS, PRESENCE):
                await conn.execute(sql.SQL("listen {}").format(sql.Identifier(channel)))
            self.ring()
            async for _ in conn.notifies():
                self.ring()


async def told(bell: Bell, person: str, look: Callable[[], object]) -> AsyncIterator[bytes]:
    """What `look` sees, as server-sent events: at once, and whenever it is something else.

    Ends where `look` sees nothing any more, and where the person has opened too many pages since.
    """
    before: bytes | None = None
    end = asyncio.get_running_loop().time() + LASTS
    async with bell.waiting(person) as rung:
        while asyncio.get_running_loop().time() < end and bell.seated(person, rung):
            rung.clear()
            found = await run_in_threadpool(look)
            if found is None:
                return
            seen = msgspec.json.encode(found)
            yield b"data: %s\n\n" % seen if seen != before else b": still here\n\n"
            before = seen
            try:
                await asyncio.wait_for(rung.wait(), POLL)
                await asyncio.sleep(CALM)
            except TimeoutError:
                continue
