"""How much mail a second is taken in, and how much memory does a large message need?

Messages with a body of ten kilobytes from as many people, each a new complaint with its receipt:
stored one after the other, as a mail server hands them over, then settled by one worker. The memory
is that of a process that takes in three messages of 25 MB each, above what it needs for three small
ones.
"""

from __future__ import annotations

import base64
import multiprocessing
import resource
import time
from datetime import UTC, datetime
from typing import Any

from recovery.mailbox import Brought
from tests.benchmarks.figures import Figure, at_least, at_most
from tests.benchmarks.ground import Ground, Sizes
from web.mail.intake import Intake
from web.runtime import Runtime
from web.settings import Settings

LINE = "My parcel number {} never came, and nobody answers. I have written three times by now.\r\n"
BODY = 10_000
LARGE = 25_000_000
LARGE_ONES = 3


def measure(ground: Ground, sizes: Sizes) -> list[Figure]:
    stored, both = [], []
    for _ in range(sizes.repetitions):
        desk = ground.desk()
        first, second = _taken_in(desk, sizes.commands)
        stored.append(sizes.commands / first)
        both.append(sizes.commands / (first + second))
        ground.drop(desk)
    desk = ground.desk()
    small, large = (_peak(desk.settings, size) for size in (BODY, LARGE))
    return [
        Figure.of(
            "mail.taken_in", "Mail of 10 kB stored and settled, one worker", both, "messages/s",
            at_least(100),
        ),
        Figure.of("mail.stored", "Mail of 10 kB stored", stored, "messages/s"),
        Figure.of(
            "mail.memory", "Memory for messages of 25 MB, above that for small ones",
            [(large - small) / 1e6], "MB", at_most(200),
        ),
    ]  # fmt: skip


def message(number: int, size: int = BODY) -> bytes:
    head = (
        f"From: Lee {number} <lee{number}@example.org>\r\nTo: desk@desk.example\r\n"
        f"Subject: Parcel {number}\r\nMessage-ID: <{number}.{size}@example.org>\r\n"
        "Date: Mon, 2 Mar 2026 09:00:00 +0000\r\n"
    )
    words = (LINE.format(number) * (BODY // len(LINE) + 1))[:BODY]
    if size <= BODY:
        return f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{words}".encode()
    content = base64.encodebytes(bytes(size * 3 // 4)).replace(b"\n", b"\r\n")
    return (
        f"{head}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n{words}\r\n--b\r\n"
        "Content-Type: application/octet-stream; name=film.bin\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
    ).encode() + content + b"--b--\r\n"  # fmt: skip


def _taken_in(desk: Runtime, messages: int, size: int = BODY) -> tuple[float, float]:
    """Seconds to store them, and to settle them."""
    intake = Intake.of(desk, clock=lambda: datetime.now(UTC))
    made = (message(number, size) for number in range(messages))
    began = time.perf_counter()
    for each in made:
        desk.mailbox.store(each, brought=Brought(), channel="lmtp", at=datetime.now(UTC))
    between = time.perf_counter()
    while intake.step():
        pass
    return between - began, time.perf_counter() - between


def _peak(settings: Settings, size: int) -> float:
    """Bytes, at most, of a process that takes in a few messages of the size."""
    context = multiprocessing.get_context("spawn")
    found = context.Queue()
    process = context.Process(target=_take_in_and_say, args=(settings, size, found))
    process.start()
    peak = float(found.get(timeout=120))
    process.join()
    return peak


def _take_in_and_say(settings: Settings, size: int, found: Any) -> None:
    with Runtime.open(settings) as desk:
        _taken_in(desk, LARGE_ONES, size)
    found.put(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
