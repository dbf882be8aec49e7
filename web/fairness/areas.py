"""How is a file with what is known of areas read?"""

from __future__ import annotations

from pathlib import Path

import msgspec

from recovery.areas import Content, column_name, padded
from recovery.errors import Invalid
from web.accounts import Accounts
from web.i18n import mark
from web.importing.readers import BadRow, normalise, open_table

NOTHING_SAID = frozenset({"", "na", "n/a", "nan", "null", "none", "-"})
"""What stands in a cell that says nothing."""


class AreaTable(msgspec.Struct, frozen=True):
    """The table, and the rows that could not be taken: their number and why."""

    content: Content
    refused: tuple[tuple[int, str], ...]
    guessed: bool = False
    """Whether the file is not UTF-8, so that somebody should look whether it was read rightly."""


def read(path: Path, *, key: str = "", pad: int = 0) -> AreaTable:
    """The areas of a file; raises Unreadable for the file, Invalid for the column of codes.

    Codes of digits are filled with zeros to `pad` digits; unless said, to as many as the longest
    of them has where one begins with a zero.
    """
    table = open_table(path)
    if not table.columns:
        raise Invalid("This file has no row with the names of its columns.", field="file")
    named = {normalise(name): name for name in table.columns}
    code = normalise(key) if key else normalise(table.columns[0])
    if code not in named:
        raise Invalid(
            f"There is no column {key[:40]!r} (there are {', '.join(table.columns)}).", field="key"
        )
    others = [name for name in named if name != code]
    rows: dict[str, tuple[str, ...]] = {}
    refused: list[tuple[int, str]] = []
    guessed = False
    for row in table.rows():
        if isinstance(row, BadRow):
            refused.append((row.number, row.reason))
            continue
        guessed = guessed or "guessed_encoding" in row.flags
        area = row.cells.get(code, "").strip()
        if not area or area in rows:
            why = mark("the area is named twice") if area else mark("no area is named")
            refused.append((row.number, why))
            continue
        rows[area] = tuple(_said(row.cells.get(name, "")) for name in others)
    columns = tuple(column_name(named[name]) for name in others)
    return AreaTable(Content(columns, _filled(rows, pad)), tuple(refused), guessed)


def of_agents(table: AreaTable, accounts: Accounts) -> AreaTable:
    """A table of agents, such as their teams: each by email address or id. Unknown ones are left
    out and said.
    """
    known: list[tuple[str, tuple[str, ...]]] = []
    refused = list(table.refused)
    for number, (code, values) in enumerate(table.content.rows, 2):
        try:
            known.append((accounts.named(code).by, values))
        except Invalid as wrong:
            refused.append((number, str(wrong)))
    return msgspec.structs.replace(
        table, content=Content(table.content.columns, tuple(known)), refused=tuple(refused)
    )


def _said(cell: str) -> str:
    found = cell.strip()
    return "" if found.lower() in NOTHING_SAID else found


def _filled(
    rows: dict[str, tuple[str, ...]], pad: int
) -> tuple[tuple[str, tuple[str, ...]], ...]:  # fmt: skip
    width = pad or max((len(area) for area in rows if area.isdigit()), default=0)
    return tuple((padded(area, width), values) for area, values in rows.items())
