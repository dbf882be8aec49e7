"""How many commands a second does the API take, and how many the bare library?

Four clients, each a process with a connection that is kept open, live five acts of a complaint's
life after one another: assigned, acknowledged, a note, explained, closed. Each act is a durable
commit. The bare library does the same acts in four processes on the same server, without HTTP.
"""

from __future__ import annotations

import multiprocessing
import queue
import secrets
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from typing import Any
from uuid import UUID

from recovery.desk import reference_of
from recovery.vault import Contact
from tests.benchmarks import bare
from tests.benchmarks.figures import Figure, at_least
from tests.benchmarks.ground import Ground, Sizes
from tests.benchmarks.serving import following, served, settings_of
from tests.benchmarks.traffic import Client, program
from web.runtime import Runtime

CLIENTS = 4
PATIENCE = 120.0
ACTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("assignment", {"agent": "me"}),
    ("acknowledgement", {}),
    ("notes", {"text": "Called back, nobody answered; left a message."}),
    (
        "explanation",
        {
            "outcome": "upheld", "cause": "wrong_address",
            "message": "Your parcel was left at another door.",
        },
    ),
    ("closure", {"outcome": "upheld"}),
)  # fmt: skip
Work = Callable[..., None]


def measure(ground: Ground, sizes: Sizes) -> list[Figure]:
    desk, empty = ground.desk(), ground.database()
    headers = program(desk, "benchmark")
    complaints = max(1, sizes.commands // len(ACTS))
    ours, theirs = [], []
    with served(settings_of(desk), ground.folder) as server:

        def through_the_api() -> float:
            return rate(_act, (server.host, server.port, headers), _received(desk, complaints))

        _warm_up(desk, server.host, server.port, headers)
        for _ in range(sizes.repetitions):
            ours.append(through_the_api())
            theirs.append(rate(_act_bare, (empty,), _received_bare(empty, complaints)))
        with following(desk, ground.folder):
            desk.engine.catch_up()
            followed = [through_the_api() for _ in range(sizes.repetitions)]
    ground.drop(desk)
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    return [
        Figure.of(
            "commands.ratio", "Commands through the API against the bare library", ratios, "×",
            at_least(0.5),
        ),
        Figure.of("commands.api", f"Through the API, {CLIENTS} clients", ours, "commands/s"),
        Figure.of("commands.bare", f"The bare library, {CLIENTS} processes", theirs, "commands/s"),
        Figure.of(
            "commands.followed", "Through the API while all projections follow", followed,
            "commands/s",
        ),
    ]  # fmt: skip


def rate(work: Work, where: tuple[Any, ...], shares: Sequence[Sequence[str]]) -> float:
    """Acts a second, from when the first client begins until the last has finished."""
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(len(shares))
    times = context.Queue()
    clients = [
        context.Process(target=_timed, args=(work, where, share, start, times), daemon=True)
        for share in shares
    ]
    for client in clients:
        client.start()
    spans = [_next(times, clients) for _ in clients]
    for client in clients:
        client.join()
    seconds: float = max(end for _, end in spans) - min(begin for begin, _ in spans)
    return len(ACTS) * sum(len(share) for share in shares) / seconds


def _next(times: Any, clients: Sequence[Any]) -> tuple[float, float]:
    """When the next client began and ended; raises RuntimeError when one has died."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and not any(client.exitcode for client in clients):
        try:
            span: tuple[float, float] = times.get(timeout=1.0)
        except queue.Empty:
            continue
        return span
    for client in clients:
        client.kill()
    raise RuntimeError("a client died, or took too long")


def _timed(
    work: Work, where: tuple[Any, ...], share: Sequence[str], start: Barrier, times: Any
) -> None:
    begun: list[float] = []

    def ready() -> None:
        start.wait(PATIENCE)
        begun.append(time.monotonic())

    work(*where, share, ready)
    times.put((begun[0], time.monotonic()))


def _act(
    host: str, port: int, headers: dict[str, str], share: Sequence[str], ready: Callable[[], None]
) -> None:
    with Client(host, port, headers) as client:
        client.get("/healthz")
        ready()
        for reference in share:
            for act, body in ACTS:
                key = secrets.token_hex(16)
                client.post(f"/api/v1/complaints/{reference}/{act}", body, key=key)


def _act_bare(url: str, share: Sequence[str], ready: Callable[[], None]) -> None:
    with bare.open_bare(url, create="n") as desk:
        ready()
        for complaint in share:
            for act, arguments in bare.ACTS:
                desk.act(UUID(complaint), act, arguments)


def _received(desk: Runtime, complaints: int) -> list[list[str]]:
    """For each client its complaints, received before the clock starts."""
    return [
        [
            reference_of(
                desk.desk.receive(
                    by="user:ana", at=datetime.now(UTC), subject="Lost parcel",
                    description="My parcel never came.",
                    contact=Contact(name="Mr Lee", email=f"{secrets.token_hex(6)}@example.org"),
                )
            )
            for _ in range(complaints)
        ]
        for _ in range(CLIENTS)
    ]  # fmt: skip


def _received_bare(url: str, complaints: int) -> list[list[str]]:
    with bare.open_bare(url) as desk:
        return [[str(desk.receive()) for _ in range(complaints)] for _ in range(CLIENTS)]


def _warm_up(desk: Runtime, host: str, port: int, headers: dict[str, str]) -> None:
    for share in _received(desk, 5):
        _act(host, port, headers, share, lambda: None)
