"""How long does everything take that agents and supervisors open all day, on a long history?"""

from __future__ import annotations

import gzip
import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
import psycopg

from projections import views
from recovery.vault import Contact, Words
from tests.benchmarks import statements
from tests.benchmarks.figures import Figure, at_most, percentile, under
from tests.benchmarks.ground import SEED, Ground, Sizes
from tests.benchmarks.serving import served, settings_of
from tests.benchmarks.traffic import Client, agent, browser, references
from web.reports.ahead import Asker
from web.runtime import Runtime
from web.worker.catching_up import catch_up

WARM_UP = 10
COUNTS = 30
"""How often the views are counted."""
ENTRIES = 200
"""On the complaint that has many."""
WORST = 8.0
MANY = 500
"""Complaints whose words are searched for."""
LISTS = {
    **{f"view.{view}": f"/queue?view={view}" for view in views.VIEWS},
    "sorted": "/queue?view=open&sort=newest",
    "sorted.all": "/queue?view=all&sort=newest",
    "filtered": "/queue?view=open&category=billing&clock=soon",
    "grouped": "/queue?view=mine&group=category",
}
"""First pages that an agent looks at."""
REPORTS = {
    "sla": "/reports/sla", "payouts": "/payouts", "approvals": "/payouts?stage=owed",
    "ledger": "/paying/ledger", "audits": "/audits", "policies": "/policies", "mail": "/mail",
    "waiting": "/mail/waiting", "health": "/health",
}  # fmt: skip
"""Pages that supervisors look at."""


def measure(ground: Ground, sizes: Sizes) -> list[Figure]:
    desk = ground.desk_with(sizes.queue_complaints)
    long = _long(desk)
    at = f"{sizes.queue_complaints:,} complaints, {_open(desk):,} open"
    with served(settings_of(desk), ground.folder) as server:
        with browser(desk, server) as client:
            found = [
                *_lists(ground, client, sizes.pages, at),
                *_counts(desk, at),
                _search(desk, client, sizes.pages, at),
                *_complaints(ground, client, desk, long, sizes.pages),
            ]
        with browser(desk, server, "supervisor") as client:
            return [*found, _ahead(desk), *_reports(client, sizes.pages // 10)]


def _lists(ground: Ground, client: Client, pages: int, at: str) -> list[Figure]:
    took = {name: _p50(client, [path] * (pages // 2)) for name, path in LISTS.items()}
    slowest = max(took, key=took.__getitem__)
    with statements.logging(ground):
        client.get("/queue")
        asked = max(len(statements.count(ground, client, path).statements)
                    for path in LISTS.values())  # fmt: skip
    return [
        Figure.of(
            "lists.slowest", f"Slowest first page of the views and lists ({slowest}), p50: {at}",
            [took[slowest]], "ms", under(WORST),
        ),
        *(Figure.of(f"lists.{name}", f"First page: {name}, p50", [value], "ms", under(WORST))
          for name, value in took.items()),
        Figure.of("lists.statements", "Most SQL statements of one of them", [float(asked)],
                  "statements", at_most(6)),
        Figure.of("lists.weight", "Compressed size of the queue's page, without what stays",
                  [len(gzip.compress(client.get("/queue"), 6)) / 1000], "kB", under(30)),
    ]  # fmt: skip


def _counts(desk: Runtime, at: str) -> list[Figure]:
    """All views, counted anew each time."""
    me = agent(desk).by
    took = []
    with desk.database.engine.connect() as conn:
        for _ in range(COUNTS):
            began = time.perf_counter()
            views.counts(conn, now=datetime.now(UTC), me=me)
            took.append((time.perf_counter() - began) * 1000)
    return [
        Figure.of("counts.p50", f"Counts of all views, p50: {at}", [percentile(took, 0.5)], "ms",
                  under(50)),
        Figure.of("counts.worst", "The same, the longest", [max(took)], "ms"),
    ]  # fmt: skip


def _search(desk: Runtime, client: Client, pages: int, at: str) -> Figure:
    """The page of what was found, for words that people use, some of them mistyped."""
    wanted = _wanted(desk, pages)
    for words in wanted[:WARM_UP]:
        client.ask("/queue", q=words)
    took = []
    for words in wanted:
        began = time.perf_counter()
        client.ask("/queue", q=words)
        took.append((time.perf_counter() - began) * 1000)
    return Figure.of(
        "search.p95", f"Search, {len(wanted)} questions, p95: {at}", [percentile(took, 0.95)],
        "ms", under(80),
    )  # fmt: skip


def _wanted(desk: Runtime, number: int) -> list[str]:
    """Names, subjects and single words from everywhere in the history, a third mistyped."""
    chance = random.Random(SEED)
    with desk.database.connection() as conn:
        said = _said(desk, conn)
    found = []
    for _ in range(number):
        words = chance.choice(said)
        form = chance.choice((words, words.split()[0], words.split()[-1]))
        if len(form) > 6 and form.isascii() and chance.random() < 1 / 3:
            place = chance.randrange(1, len(form))
            form = form[:place] + form[place + 1 :]
        found.append(form)
    return found


def _said(desk: Runtime, conn: psycopg.Connection[tuple[str, ...]]) -> list[str]:
    rows = conn.execute(
        "select words, contact from read.queue order by reference limit %s", (MANY,)
    ).fetchall()
    papers, _ = desk.vault.open_readable(conn, [paper for row in rows for paper in row if paper])
    subjects = [msgspec.json.decode(papers[words], type=Words).subject
                for words, _ in rows if words in papers]  # fmt: skip
    names = [msgspec.json.decode(papers[contact], type=Contact).name
             for _, contact in rows if contact in papers]  # fmt: skip
    return [text for text in subjects + names if text.strip()]


def _long(desk: Runtime) -> str:
    """A complaint to which much happened; on a desk that is kept, the one of the run before."""
    with desk.database.connection() as conn:
        there = conn.execute(
            "select reference from read.queue where open and version > %s order by version limit 1",
            (ENTRIES,),
        ).fetchone()
        row = (
            there
            or conn.execute(
                "select reference from read.queue where open order by urgency, reference limit 1"
            ).fetchone()
        )
    assert row is not None
    if not there:
        by, at = agent(desk).by, datetime.now(UTC)
        for number in range(ENTRIES):
            desk.desk.add_note(row[0], by=by, at=at, text=f"Called for the {number + 1}th time.")
        catch_up(desk)
    return str(row[0])


def _complaints(
    ground: Ground, client: Client, desk: Runtime, long: str, pages: int
) -> list[Figure]:
    usual = [f"/complaints/{reference}" for reference in references(desk, pages)]
    many = f"/complaints/{long}"
    with statements.logging(ground):
        client.get(many)
        asked = len(statements.count(ground, client, many).statements)
    return [
        Figure.of("complaint.usual", "Complaint page, p50", [_p50(client, usual)], "ms", under(10)),
        Figure.of("complaint.long", f"The same with {ENTRIES} more entries, p50",
                  [_p50(client, [many] * (pages // 4))], "ms", under(25)),
        Figure.of("complaint.long.statements", "Its SQL statements", [float(asked)], "statements",
                  at_most(6)),
    ]  # fmt: skip


def _ahead(desk: Runtime) -> Figure:
    """What the worker's loop does before anybody asks for the SLA report."""
    asker = Asker(desk, clock=lambda: datetime.now(UTC))
    began = time.perf_counter()
    for _ in iter(asker.step, False):
        pass
    took = time.perf_counter() - began
    return Figure.of("report.ahead", "The SLA report asked ahead by the worker", [took], "s")


def _reports(client: Client, pages: int) -> list[Figure]:
    return [
        Figure.of(f"report.{name}", f"Page {path}, p50", [_p50(client, [path] * pages)], "ms",
                  under(100))
        for name, path in REPORTS.items()
    ]  # fmt: skip


def _p50(client: Client, paths: Sequence[str]) -> float:
    for path in paths[:WARM_UP]:
        client.get(path)
    return percentile([client.timed(path) for path in paths], 0.5)


def _open(desk: Runtime) -> int:
    with desk.database.connection() as conn:
        row = conn.execute("select count(*) from read.queue where open").fetchone()
    assert row is not None
    return int(row[0])
