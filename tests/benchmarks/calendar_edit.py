"""How long do open complaints take to follow an edited calendar, and how is the queue meanwhile?

The desk has nothing but open complaints with three running clocks each. The house policy gets one
more day on which nobody works and is applied to them; the real worker moves them, while an agent
goes on asking for the queue.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from projections import alarms
from recovery.bulk import BulkLoader, NewStream
from recovery.events import Received
from recovery.policy.adopt import house_policy
from recovery.policybook import adopt
from recovery.reference import derive
from tests.benchmarks.figures import Figure, at_most, percentile, under
from tests.benchmarks.ground import Ground, Sizes
from tests.benchmarks.serving import following, served, settings_of
from tests.benchmarks.traffic import Client, browser
from web.runtime import Runtime
from web.worker.catching_up import catch_up

LOOK = 0.25
"""Seconds between two looks at how many are left."""
PATIENCE = 300.0
PAUSE = 0.05
"""Seconds between two pages of the agent."""


def measure(ground: Ground, sizes: Sizes) -> list[Figure]:
    desk = ground.desk()
    _fill(desk, sizes.queue_complaints)
    environment = settings_of(desk)
    with (
        served(environment, ground.folder) as server,
        following(desk, ground.folder, "projections,clock"),
        browser(desk, server) as client,
    ):
        usual = [client.timed("/queue") for _ in range(sizes.pages)]
        took, meanwhile = _edit(desk, client)
    ground.drop(desk)
    of = f"{sizes.queue_complaints:,} open complaints"
    slower = percentile(meanwhile, 0.5) / percentile(usual, 0.5)
    return [
        Figure.of(
            "calendar.time", f"A calendar edited, until all clocks follow: {of}", [took], "s",
            under(30),
        ),
        Figure.of(
            "calendar.queue", "The queue page meanwhile against its usual time, p50", [slower],
            "×", at_most(2),
        ),
        Figure.of(
            "calendar.queue.p95", "The same, p95 meanwhile", [percentile(meanwhile, 0.95)], "ms"
        ),
    ]  # fmt: skip


def _fill(desk: Runtime, complaints: int) -> None:
    with BulkLoader(desk.store, secret=desk.reference_key) as loader:
        for stream in _streams(desk, complaints):
            loader.add(stream)
    catch_up(desk)


def _streams(desk: Runtime, complaints: int) -> Iterator[NewStream]:
    version = desk.policies.in_force("house").version
    began = datetime.now(UTC)
    for n in range(complaints):
        event = Received(
            at=began - timedelta(seconds=n / 100), by="system:benchmark", complainant=f"{n:032x}",
            channel="phone", language="en", policy="house", policy_version=version,
        )  # fmt: skip
        name = f"benchmark:{n}"
        yield NewStream(name, derive(desk.reference_key, name), [event])


def _edit(desk: Runtime, client: Client) -> tuple[float, list[float]]:
    """Seconds until no open complaint is left behind, and what pages took meanwhile."""
    closed = (datetime.now(UTC) + timedelta(days=1)).date()
    text = house_policy().replace('name = "office"', f'name = "office"\nclosures = [{closed}]')
    before = desk.policies.in_force("house").version
    pages: list[float] = []
    began = looked = time.perf_counter()
    adopt(
        desk.store, desk.policies, text, by="user:bench", at=datetime.now(UTC),
        reason="To measure.", open_complaints="follow",
    )  # fmt: skip
    while True:
        pages.append(client.timed("/queue"))
        time.sleep(PAUSE)
        now = time.perf_counter()
        if now - looked < LOOK:
            continue
        looked = now
        with desk.database.engine.connect() as conn:
            if ("house", before) not in alarms.bound(conn):
                return now - began, pages
        if now - began > PATIENCE:
            raise RuntimeError("the open complaints did not follow in time")
