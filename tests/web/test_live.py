"""Are pages that stand open told for as long as they may be, and no longer?"""

from __future__ import annotations

import asyncio

import pytest

from tests.desks import TestDesk
from web.live import MOST, Bell, told


def test_whoever_opens_too_many_pages_is_told_on_the_latest_of_them() -> None:
    async def watch() -> None:
        bell = Bell("postgresql://127.0.0.1:9/nobody-listens")
        streams = [told(bell, "ana", lambda: {"new": 1}) for _ in range(MOST + 1)]
        other = told(bell, "bo", lambda: {"new": 1})
        for stream in (*streams, other):
            assert await anext(stream) == b'data: {"new":1}\n\n'
        bell.ring()
        with pytest.raises(StopAsyncIteration):
            await anext(streams[0])
        for stream in (streams[1], streams[-1], other):
            assert await anext(stream) == b": still here\n\n"
        for stream in (*streams, other):
            await stream.aclose()

    asyncio.run(watch())


def test_a_page_hears_nothing_after_its_session() -> None:
    async def watch() -> list[bytes]:
        seen = iter([{"new": 1}, None])
        bell = Bell("postgresql://127.0.0.1:9/nobody-listens")
        stream = told(bell, "ana", lambda: next(seen))
        first = await anext(stream)
        bell.ring()
        return [first, *[part async for part in stream]]

    assert asyncio.run(watch()) == [b'data: {"new":1}\n\n']


def test_who_comes_as_the_last_one_goes_hears_what_happens(desk: TestDesk) -> None:
    async def change_pages() -> list[bool]:
        bell = Bell(desk.store.database.url)
        heard = []
        for _ in range(2):
            async with bell.waiting("ana") as rung:
                listens = asyncio.create_task(rung.wait())  # it rings as soon as somebody does
                heard.append(bool((await asyncio.wait({listens}, timeout=5))[0]))
        return heard

    assert asyncio.run(change_pages()) == [True, True]
