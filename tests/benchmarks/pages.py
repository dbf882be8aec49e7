"""How long does an agent wait for the queue and for a complaint, and what does the database do?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tests.benchmarks import statements
from tests.benchmarks.figures import Figure, Target, at_most, percentile, under
from tests.benchmarks.ground import Ground, Sizes
from tests.benchmarks.serving import served, settings_of
from tests.benchmarks.traffic import Client, browser, references

WARM_UP = 30
COUNTED = 3
"""Pages whose statements are counted; the highest count is reported."""
_ROW = re.compile(rb'href="/complaints/[0-9A-Z]{5}-[0-9A-Z]{5}"')
ROWS = 50


def measure(ground: Ground, sizes: Sizes) -> list[Figure]:
    desk = ground.desk_with(sizes.queue_complaints)
    with served(settings_of(desk), ground.folder) as server, browser(desk, server) as client:
        _require_whole_page(client)
        queue = ["/queue"] * sizes.pages
        complaint = [f"/complaints/{reference}" for reference in references(desk, sizes.pages)]
        at = f"{sizes.queue_complaints:,} complaints"
        return [
            *_times(
                client, "queue", f"Queue page, {ROWS} rows, {at}", queue, sizes.repetitions,
                under(8),
            ),
            *_statements(ground, client, "queue", "queue page", queue, at_most(5)),
            *_times(
                client, "complaint", f"Complaint page, {at}", complaint, sizes.repetitions,
                under(10),
            ),
            *_statements(ground, client, "complaint", "complaint page", complaint, at_most(6)),
        ]  # fmt: skip


def _times(
    client: Client, name: str, what: str, paths: Sequence[str], repetitions: int, target: Target
) -> list[Figure]:
    for path in paths[:WARM_UP]:
        client.get(path)
    rounds = [[client.timed(path) for path in paths] for _ in range(repetitions)]
    return [
        Figure.of(f"{name}.p50", f"{what}, p50", [percentile(r, 0.5) for r in rounds], "ms",
                  target),
        Figure.of(f"{name}.p95", "The same, p95", [percentile(r, 0.95) for r in rounds], "ms"),
    ]  # fmt: skip


def _statements(
    ground: Ground, client: Client, name: str, what: str, paths: Sequence[str], target: Target
) -> list[Figure]:
    with statements.logging(ground):
        client.get(paths[0])  # so that every connection writes to the log
        found = [statements.count(ground, client, path) for path in paths[:COUNTED]]
    asked = [float(max(len(one.statements) for one in found))]
    besides = [float(max(one.brackets + one.pings for one in found))]
    return [
        Figure.of(f"{name}.statements", f"SQL statements of a {what}", asked, "statements", target),
        Figure.of(
            f"{name}.besides", f"Begin, rollback and liveness checks of a {what}", besides,
            "round trips",
        ),
    ]  # fmt: skip


def _require_whole_page(client: Client) -> None:
    """A page that shows less would be quicker."""
    shown = len(set(_ROW.findall(client.get("/queue"))))
    if shown < ROWS:
        raise RuntimeError(f"the queue page shows {shown} complaints instead of {ROWS}")
