"""What becomes of each row of an import, and how far has it come?"""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec


class RefusedRow(msgspec.Struct, frozen=True):
    """A row that did not become a complaint."""

    row: int
    """As the file's own tools count: a spreadsheet's first row, with the names, is 1."""
    reason: str


class ImportReport(msgspec.Struct, kw_only=True):
    """What became of each row: read = imported + already there + refused."""

    source: str
    dry_run: bool = False
    read: int = 0
    imported: int = 0
    """In a dry run: what would be imported."""
    already_there: int = 0
    events: int = 0
    flagged: dict[str, int] = {}
    """Rows by what is odd about them; a row may have several flags."""
    refused: list[RefusedRow] = []
    date_format: str = ""
    """That the dates of the file were read in."""
    columns_left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Progress(NamedTuple):
    """How far an import has come."""

    step: Literal["looking", "importing"]
    rows: int
    of_rows: int | None
    bytes: int | None
    of_bytes: int
