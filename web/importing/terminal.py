"""What does the operator see of an import: how far it is, and what became of each row?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars
from rich.table import Table
from rich.text import Text

from web.importing.report import ImportReport, Progress

MOST_SHOWN = 1_000
"""Refused rows printed for people; `--json` lists all."""
_STEPS = {"looking": "Looking at dates and columns", "importing": "Importing"}


class _Rows(ProgressColumn):
    """How many rows, and of how many where that is known."""

    def render(self, task: Task) -> Text:
        of_rows = task.fields.get("of_rows")
        return Text(f"{task.fields.get('rows', 0):,}{f' of {of_rows:,}' if of_rows else ''} rows")


@contextmanager
def bars(console: Console) -> Iterator[Callable[[Progress], None]]:
    """A bar for each step, in bytes and rows; nothing where the console is no terminal."""
    if not console.is_terminal:
        yield lambda _: None
        return
    columns = (
        TextColumn("{task.description}"), BarColumn(), DownloadColumn(), _Rows(),
        TimeRemainingColumn(),
    )  # fmt: skip
    with Bars(*columns, console=console) as shown:
        tasks: dict[str, TaskID] = {}

        def show(progress: Progress) -> None:
            if progress.step not in tasks:
                for earlier in tasks.values():
                    shown.update(earlier, completed=progress.of_bytes)
                tasks[progress.step] = shown.add_task(
                    _STEPS[progress.step], total=progress.of_bytes
                )
            shown.update(
                tasks[progress.step], completed=_bytes(progress), rows=progress.rows,
                of_rows=progress.of_rows,
            )  # fmt: skip

        yield show


def _bytes(progress: Progress) -> int:
    if progress.bytes is not None:
        return progress.bytes
    return progress.of_bytes * progress.rows // progress.of_rows if progress.of_rows else 0


def show_report(console: Console, report: ImportReport) -> None:
    """The figures, the flags, and every refused row with its reason."""
    table = Table(box=None, show_header=False)
    table.add_column(justify="right")
    table.add_column()
    for count, what in (
        (report.read, "rows read"),
        (report.imported, "would be imported" if report.dry_run else "imported"),
        (report.already_there, "already there"),
        (len(report.refused), "refused"),
    ):
        table.add_row(f"{count:,}", what)
    for flag, count in report.flagged.items():
        table.add_row(f"{count:,}", f"flagged {flag}")
    console.print(table)
    for note in _notes(report):
        console.print(_printable(note), markup=False, highlight=False, soft_wrap=True)
    for refused in report.refused[:MOST_SHOWN]:
        line = f"row {refused.row:,} refused: {refused.reason}"
        console.print(_printable(line), markup=False, highlight=False, soft_wrap=True)
    if (more := len(report.refused) - MOST_SHOWN) > 0:
        console.print(f"and {more:,} more rows refused; --json lists them all", highlight=False)


def _notes(report: ImportReport) -> Iterator[str]:
    if report.read:
        yield f"Dates were read as {report.date_format}."
    yield from report.notes
    if report.columns_left_out:
        names = ", ".join(f"“{name}”" for name in report.columns_left_out)
        yield f"Left out, as the mapping does not know them: {names}."


def _printable(line: str) -> str:
    """Without what would command the terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)
