"""Which rows does a file hold, whatever its format?

Each reader gives rows one at a time, in bounded memory. Cells are text under their column's
normalised name. What cannot be read as a row is given too, as a `BadRow` with the reason, so that
every row is accounted for. Heavy libraries are imported when a file needs them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

from recovery.errors import RecoveryError

LONGEST_CELL = 131_072
"""Characters; the same limit as Python's csv module has."""
LONGEST_LINE = 1_048_576
"""Bytes of one line of a text file."""


class Unreadable(RecoveryError):
    """The file as a whole cannot be read; the text says why and what to do."""


class Row(NamedTuple):
    """One row: its number as the file's own tools count it, its cells, what is odd about it."""

    number: int
    cells: Mapping[str, str]
    flags: tuple[str, ...] = ()


class BadRow(NamedTuple):
    """Something that stands where a row should and is none."""

    number: int
    reason: str


class Table(Protocol):
    """A file that has been opened far enough to know what it is."""

    @property
    def columns(self) -> tuple[str, ...]:
        """As written in the file; empty where each row names its own."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know about how the file was read."""

    def rows(self) -> Iterator[Row | BadRow]:
        """Every row from the beginning; rows without any content are left out."""

    def bytes_read(self) -> int | None:
        """How far into the file the rows have come; None where the format does not tell."""


def normalise(name: str) -> str:
    """How column names and codes are compared: "ZIP_code" and "Zip code" are the same."""
    return "".join(c for c in name.casefold() if c.isalnum())


def open_table(path: Path) -> Table:
    """The table in the file, told by its content; raises Unreadable."""
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be opened: {error.strerror}.") from None
    if not head.strip():
        raise Unreadable(f"{path.name} is empty.")
    return _reader(path, head)


def _reader(path: Path, head: bytes) -> Table:
    if head.startswith(b"PK\x03\x04"):
        from web.importing.workbook import Workbook

        return Workbook(path)
    if head.startswith(b"PAR1"):
        from web.importing.parquet import Parquet

        return Parquet(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(f"{path.name} is an old Excel file; save it as .xlsx or .csv first.")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"{"):
        from web.importing.jsonlines import JsonLines

        return JsonLines(path)
    if text.startswith(b"[") and path.suffix.lower() in (".json", ".jsonl", ".ndjson"):
        raise Unreadable(f"{path.name} is one JSON list; write one object per line (JSON lines).")
    from web.importing.delimited import Delimited

    return Delimited(path, head)


def unique(names: list[str], path: Path) -> list[str]:
    """Normalised column names; raises Unreadable when two columns have the same."""
    normalised = [normalise(name) for name in names]
    for index, name in enumerate(normalised):
        if name and name in normalised[:index]:
            raise Unreadable(f"{path.name} has two columns called {names[index].strip()!r:.60}.")
    if not any(normalised):
        raise Unreadable(f"{path.name} has no column names in its first row.")
    return normalised


def problem(value: str) -> str | None:
    """Why a text cannot be a cell, or None."""
    if len(value) > LONGEST_CELL:
        return f"a cell has {len(value):,} characters; the most is {LONGEST_CELL:,}"
    if "\0" in value:
        return "a cell holds a NUL character"
    return None
