"""How does an audit look on a terminal?"""

from __future__ import annotations

from rich.console import Console
from rich.table import Table as Grid

from recovery.fairness.records import LeftOut
from web.fairness import limits, sentences
from web.fairness.showing import shown
from web.fairness.stored import Audit
from web.fairness.tables import Table, told

WIDEST = 132
MOST_COLUMNS = 12
"""Beyond which a table is told as a list of its columns."""


def same(sentence: str) -> str:
    """The terminal speaks English."""
    return sentence


def show(audit: Audit) -> None:
    """The sentences, the tables, and what has to be known."""
    console, answer = Console(), audit.answer
    console.width = max(console.width, WIDEST)
    for sentence in sentences.headline(answer, audit.question, same):
        console.print(sentence, soft_wrap=True)
    for table in map(told, limits.told(answer, audit.question)):
        if table.rows:
            console.print()
            console.print(_upright(table) if len(table.columns) > MOST_COLUMNS else _flat(table))
    console.print()
    for each in answer.remarks:
        console.print(f"- {sentences.remark(each, answer, audit.question, same)}", soft_wrap=True)
    console.print(f"- {sentences.CONDITIONAL}", soft_wrap=True)
    left_out = ", ".join(f"{n:,} {why}" for why, n in left(answer.left_out) if n) or "none"
    console.print(f"{answer.complaints:,} complaints compared; left out: {left_out}.")
    console.print(f"Audit {audit.id}, as of {audit.question.as_of.isoformat()}.")
    console.print(f"Digest {audit.ran.digest}", soft_wrap=True)


def left(out: LeftOut) -> list[tuple[str, int]]:
    return [
        ("open", out.open), ("ended otherwise", out.does_not_apply), ("not known", out.not_known),
        ("without a group", out.no_group), ("without a stratum", out.no_stratum),
    ]  # fmt: skip


def _flat(table: Table) -> Grid:
    grid = Grid(box=None, pad_edge=False, title=table.caption, title_justify="left")
    for n, (_, words) in enumerate(table.columns):
        grid.add_column(words, justify="right" if n else "left", no_wrap=True)
    for row in table.rows:
        grid.add_row(*_cells(table, row))
    return grid


def _upright(table: Table) -> Grid:
    """Each row of the table as a column."""
    grid = Grid(box=None, pad_edge=False, title=table.caption, title_justify="left")
    grid.add_column("")
    rows = [_cells(table, row) for row in table.rows]
    for _ in rows:
        grid.add_column("", justify="right", no_wrap=True)
    for n, (_, words) in enumerate(table.columns):
        grid.add_row(words, *(row[n] for row in rows))
    return grid


def _cells(table: Table, row: tuple[object, ...]) -> list[str]:
    return [
        shown(table, name, value, same)  # type: ignore[arg-type]
        for (name, _), value in zip(table.columns, row, strict=True)
    ]
