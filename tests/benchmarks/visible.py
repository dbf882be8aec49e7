"""How long after it was appended can an agent see a change in the queue?

Commands come in over HTTP at a steady pace, half of them new complaints, half of them changes. The
time counts from the database's stamp on the event, which is before its commit, until another
connection finds the row of the queue at that version.
"""

from __future__ import annotations

import queue
import secrets
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import psycopg

from tests.benchmarks.figures import Figure, percentile, under
from tests.benchmarks.ground import Ground, Sizes
from tests.benchmarks.serving import Served, following, served, settings_of
from tests.benchmarks.traffic import Client, program
from web.runtime import Runtime

PACE = 50
"""Commands a second."""
SENDERS = 5
LOOK = 0.0005
PATIENCE = 10.0
NEW = {
    "subject": "Lost parcel", "description": "My parcel never came.",
    "complainant": {"name": "Mr Lee", "email": "lee@example.org"},
}  # fmt: skip


class Sent(msgspec.Struct, frozen=True):
    """A command that was answered."""

    reference: str
    version: int
    position: int
    answered: float


def measure(ground: Ground, sizes: Sizes) -> list[Figure]:
    desk = ground.desk_with(sizes.complaints)
    headers = program(desk, "benchmark of visibility")
    open_ones = _open(desk, int(PACE * sizes.seconds) + PACE)
    with served(settings_of(desk), ground.folder) as server, following(desk, ground.folder):
        _run(desk, server, headers, open_ones[:PACE])  # a second to warm up
        seen = _run(desk, server, headers, open_ones[PACE:])
    stamps = _stamps(desk, [sent.position for sent, _ in seen])
    appended = [(at - stamps[sent.position]) * 1000 for sent, at in seen]
    answered = [(at - sent.answered) * 1000 for sent, at in seen]
    of = f"{len(seen):,} commands at {PACE} a second"
    return [
        Figure.of(
            "visible.p99", f"Appended to visible in the queue, p99: {of}",
            [percentile(appended, 0.99)], "ms", under(100),
        ),
        Figure.of("visible.p50", "The same, p50", [percentile(appended, 0.5)], "ms"),
        Figure.of("visible.worst", "The same, the longest", [max(appended)], "ms"),
        Figure.of(
            "visible.answered", "Answered to visible, p99", [percentile(answered, 0.99)], "ms"
        ),
    ]  # fmt: skip


def _run(
    desk: Runtime, server: Served, headers: dict[str, str], references: Sequence[str]
) -> list[tuple[Sent, float]]:
    """Send one command for each reference, and say when each could be seen."""
    answers: queue.SimpleQueue[Sent] = queue.SimpleQueue()
    began = time.monotonic() + 0.05

    def send(share: int) -> None:
        with Client(server.host, server.port, headers) as client:
            for number in range(share, len(references), SENDERS):
                time.sleep(max(0.0, began + number / PACE - time.monotonic()))
                answers.put(_send(client, number, references[number]))

    finished = threading.Event()
    with ThreadPoolExecutor(SENDERS + 1) as threads:
        watching = threads.submit(_watch, desk, answers, finished)
        try:
            for sending in [threads.submit(send, share) for share in range(SENDERS)]:
                sending.result()
        finally:
            finished.set()
        return watching.result()


def _send(client: Client, number: int, reference: str) -> Sent:
    key = secrets.token_hex(16)
    if number % 2:
        answer = client.post("/api/v1/complaints", NEW, key=key, status=201)
    else:
        path = f"/api/v1/complaints/{reference}/notes"
        answer = client.post(path, {"text": "Called back, nobody answered."}, key=key)
    return Sent(answer["id"], answer["version"], answer["position"], time.time())


def _watch(
    desk: Runtime, answers: queue.SimpleQueue[Sent], finished: threading.Event
) -> list[tuple[Sent, float]]:
    """Look for what was answered until all of it was seen."""
    waiting: dict[int, Sent] = {}
    seen: list[tuple[Sent, float]] = []
    until = float("inf")
    with desk.database.dedicated() as conn:
        while waiting or not answers.empty() or not finished.is_set():
            while not answers.empty():
                sent = answers.get()
                waiting[sent.position] = sent
            found = _visible(conn, list(waiting.values()))
            seen += [(waiting.pop(sent.position), time.time()) for sent in found]
            until = min(until, time.monotonic() + PATIENCE) if finished.is_set() else until
            if time.monotonic() > until:
                raise RuntimeError(f"{len(waiting)} commands were never seen in the queue")
            time.sleep(LOOK)
    return seen


def _visible(conn: psycopg.Connection[Any], waiting: Sequence[Sent]) -> list[Sent]:
    if not waiting:
        return []
    found = dict(
        conn.execute(
            "select reference, version from read.queue where reference = any(%s)",
            ([sent.reference for sent in waiting],),
            prepare=True,
        ).fetchall()
    )
    return [sent for sent in waiting if found.get(sent.reference, 0) >= sent.version]


def _open(desk: Runtime, wanted: int) -> list[str]:
    """Complaints that are open, each as often as it takes."""
    with desk.database.connection() as conn:
        rows = conn.execute(
            "select reference from read.queue where open order by reference limit %s", (wanted,)
        ).fetchall()
    return [rows[number % len(rows)][0] for number in range(wanted)]


def _stamps(desk: Runtime, positions: Sequence[int]) -> dict[int, float]:
    """When the database stamped each event, in seconds of the clock that it shares with us."""
    with desk.database.connection() as conn:
        return {
            position: float(at)
            for position, at in conn.execute(
                "select notification_id, extract(epoch from recorded_at) from desk.events"
                " where notification_id = any(%s)",
                (positions,),
            )
        }
