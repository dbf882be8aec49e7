"""When should a page that stands open look again?

One connection of each process listens to PostgreSQL and wakes whoever waits; where it is cut, pages
look again every few seconds until it is back.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import psycopg
from psycopg import sql
from starlette.concurrency import run_in_threadpool

from recovery.store import CHANNEL as EVENTS
from web.workbench.presence import CHANNEL as PRESENCE

POLL = 10.0
"""Seconds after which a page looks again although nothing woke it; keeps proxies content too."""
CALM = 0.3
"""Seconds between two looks of a page: wake-ups within them are taken together."""
FOLLOW = 0.3
"""Seconds that the projections have to follow, before pages look although they have not."""
STEP = 0.004
"""Seconds between two looks at where they are."""
AGAIN = 2.0
"""Seconds until a cut connection is made anew."""
LASTS = 600.0
"""Seconds after which a browser connects again, so that none outlives its session for long."""
MOST = 12
"""Pages of one person that are told at once; one more, and the oldest is told no longer."""
_SHOWN = "select coalesce(min(position), 0) from read.projections where stopped_reason is null"
log = logging.getLogger("recovery.live")


class Bell:
    """Rings for everybody who waits."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._seats: dict[str, list[asyncio.Event]] = {}
        self._waiting: set[asyncio.Event] = set()
        self._listener: asyncio.Task[None] | None = None
        self._following = True
        """Whether the projections did follow when they were last waited for."""

    @asynccontextmanager
    async def waiting(self, person: str) -> AsyncIterator[asyncio.Event]:
        """An event that is set at each ring; the first who waits starts listening."""
        event = asyncio.Event()
        self._seats[person] = [*self._seats.get(person, ()), event][-MOST:]
        self._waiting.add(event)
        if self._listener is None or self._listener.done() or self._listener.cancelling():
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
            while True:
                heard = [each async for each in conn.notifies(stop_after=1)]
                positions = [int(each.payload) for each in heard if each.channel == EVENTS]
                if positions:
                    await self._follow(conn, max(positions))
                self.ring()

    async def _follow(self, conn: psycopg.AsyncConnection[Any], position: int) -> None:
        """Wait until the projections are there; not again while they stay behind."""
        loop = asyncio.get_running_loop()
        until = loop.time() + (FOLLOW if self._following else 0)
        while True:
            row = await (await conn.execute(_SHOWN)).fetchone()
            self._following = row is not None and row[0] >= position
            if self._following or loop.time() >= until:
                return
            await asyncio.sleep(STEP)


async def told(bell: Bell, person: str, look: Callable[[], object]) -> AsyncIterator[bytes]:
    """What `look` sees, as server-sent events: at once, and whenever it is something else.

    Ends where `look` sees nothing any more, and where the person has opened too many pages since.
    """
    before: bytes | None = None
    clock = asyncio.get_running_loop().time
    end = clock() + LASTS
    async with bell.waiting(person) as rung:
        while clock() < end and bell.seated(person, rung):
            rung.clear()
            again = clock() + CALM
            found = await run_in_threadpool(look)
            if found is None:
                return
            seen = msgspec.json.encode(found)
            yield b"data: %s\n\n" % seen if seen != before else b": still here\n\n"
            before = seen
            try:
                await asyncio.wait_for(rung.wait(), POLL)
                await asyncio.sleep(again - clock())
            except TimeoutError:
                continue
