"""How much memory does a serving process take, and how long does it need to its first page?"""

from __future__ import annotations

import psutil

from tests.benchmarks.figures import Figure, under
from tests.benchmarks.ground import Ground, Sizes
from tests.benchmarks.serving import run, served, settings_of
from tests.benchmarks.traffic import browser, references

PAGES = 200
STARTS = 5
STORIES = "2000"


def measure(ground: Ground, sizes: Sizes) -> list[Figure]:
    return [*_memory(ground, sizes), *_cold_start(ground)]


def _memory(ground: Ground, sizes: Sizes) -> list[Figure]:
    """Of a server that has shown 200 pages, half of them the queue."""
    desk = ground.desk_with(sizes.queue_complaints)
    with served(settings_of(desk), ground.folder) as server, browser(desk, server) as client:
        for reference in references(desk, PAGES // 2):
            client.get("/queue")
            client.get(f"/complaints/{reference}")
        used = psutil.Process(server.pid).memory_full_info()
    figures = [
        Figure.of(
            "memory.rss", f"Memory of the serving process after {PAGES} pages (resident)",
            [used.rss / 1e6], "MB", under(160),
        )
    ]  # fmt: skip
    if hasattr(used, "pss"):
        figures.append(
            Figure.of("memory.pss", "The same, its share of shared pages", [used.pss / 1e6], "MB")
        )
    return figures


def _cold_start(ground: Ground) -> list[Figure]:
    """`recovery serve` until /sign-in answers, the embedded database being there but stopped."""
    environment = {"RECOVERY_DATA": str(ground.folder / "cold")}
    run(environment, ground.folder, "demo", "--complaints", STORIES)
    took = []
    for _ in range(STARTS):
        with served(environment, ground.folder) as server:
            took.append(server.took)
        if list((ground.folder / "cold").rglob("postmaster.pid")):
            raise RuntimeError("the embedded database did not stop with its server")
    return [
        Figure.of(
            "start.cold", "Start to first page, embedded database stopped before", took, "s",
            under(3),
        ),
        Figure.of("start.slowest", "The same, the slowest", [max(took)], "s"),
    ]  # fmt: skip
