"""How does the SLA report look on a terminal?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from rich.console import Console
from rich.table import Table

from projections.sla import Group, Report
from projections.sla_times import Taken
from web.reports.telling import scopes

WIDEST = 132
"""Characters of the widest row; a narrower terminal breaks it rather than the words."""


def show(report: Report) -> None:
    """Three tables, as wide as they are."""
    console = Console()
    console.width = max(console.width, WIDEST)
    question, everything = report.question, report.all
    console.print(
        f"{everything.received:,} received, {everything.open:,} open,"
        f" {everything.reopened:,} reopened; as of {question.as_of.isoformat()}"
    )
    for count, why in (
        (report.receipt_not_known, "nobody knows when they were received"),
        (report.received_later, "they were received later"),
    ):
        if count:
            console.print(f"{count:,} left out because {why}")
    if everything.promises:
        console.print(_promises(report))
    console.print(_times(report))
    console.print(_open(report))


def _promises(report: Report) -> Table:
    return _table(
        report, ("clock", "in time", "met", "breached", "late and open", "running", "waiting",
                 "cancelled", "not known", "unpromised"),
        lambda group: (
            (
                row.clock + (" (again)" if row.again else ""), _share(row.attainment), row.met,
                row.breached, row.breached_open, row.running, row.paused, row.cancelled,
                row.not_known, row.without_promise,
            )
            for row in group.promises
        ),
    )  # fmt: skip


def _times(report: Report) -> Table:
    return _table(
        report, ("step", "half within", "9 of 10 within", "19 of 20 within", "timed", "not yet",
                 "ended without", "date not known", "before receipt"),
        lambda group: (
            (
                row.step, _took(row, row.median), _took(row, row.p90), _took(row, row.p95),
                row.known, row.open, row.ended_without, row.not_known, row.before_received,
            )
            for row in group.times
        ),
    )  # fmt: skip


def _open(report: Report) -> Table:
    return _table(
        report, ("open", "complaints"),
        lambda group: (
            (name.replace("_", " "), count)
            for buckets in (group.ages, group.dues) for name, count in buckets.items() if count
        ),
    )  # fmt: skip


def _table(
    report: Report, columns: Iterable[str], rows: Callable[[Group], Iterable[tuple[object, ...]]]
) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("group" if report.question.by else "")
    for n, name in enumerate(columns):
        table.add_column(name, justify="right" if n else "left", no_wrap=True)
    for scope, group in scopes(report):
        name = {"all": "all", "others": "all others"}.get(scope, group.name or "none given")
        for row in rows(group):
            table.add_row(name, *map(_cell, row))
    return table


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _share(attainment: float | None) -> str:
    return "–" if attainment is None else f"{round(attainment * 10_000) // 10 / 10:.1f}%"


def _took(row: Taken, seconds: int | None) -> str:
    if seconds is not None:
        return str(timedelta(seconds=seconds))
    return "too many open" if row.known and not row.not_known else "–"
