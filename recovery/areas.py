"""How does a table of areas come in, such as the income per head by postcode?

What is known of an area is no personal data, and says nothing about anybody who lives there. Each
upload is a version of its own, so that an audit can be repeated with the table it looked up.
"""

from __future__ import annotations

import re
from datetime import datetime

import msgspec

from recovery import text as texts
from recovery.errors import Invalid, StoreUnavailable
from recovery.events import AreasUploaded, Recorded, areas_stream
from recovery.sealing import Sealer
from recovery.store import Command, Conflict, Done, Store
from recovery.vault import Vault

MOST_ROWS, MOST_COLUMNS = 200_000, 100
LONGEST_VALUE = 100
SHORTEST_PADDED = 3
"""Digits from which on a code counts as one whose leading zeros a spreadsheet dropped."""


class Content(msgspec.Struct, frozen=True, array_like=True):
    """The table: each area's code, and its values in the order of the columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def upload(
    store: Store, vault: Vault, content: Content, *, attribute: str, by: str, at: datetime,
    command: Command | None = None,
) -> Done:  # fmt: skip
    """Keep the table; complaints are in the area that their attribute names.

    Raises Invalid with what is wrong with the table.
    """
    name = texts.code(attribute, field="attribute")
    if command and (done := store.done(command)):
        return done
    check(content)
    stream = areas_stream(name)
    version = len(store.records(stream))
    sealer = Sealer(store, vault, f"areas:{name}")
    event = AreasUploaded(
        at=at, by=by, attribute=name, columns=content.columns, rows=len(content.rows),
        content=sealer.seal(content),
    )  # fmt: skip
    try:
        return store.append(
            [Recorded(stream, version + 1, event)], command=command, keys=sealer.keys,
            papers=sealer.papers,
        )  # fmt: skip
    except Conflict:
        raise StoreUnavailable("Somebody else uploaded a table just now. Try again.") from None


def padded(code: str, width: int) -> str:
    """The code of an area with the leading zeros that were dropped: 601 is 00601.

    A masked code such as 606XX stays as it is, and is in no table.
    """
    found = code.strip()
    return found.zfill(width) if found.isdigit() and len(found) >= SHORTEST_PADDED else found


def column_name(written: str) -> str:
    """How a column of the file is named in a question: lower case, with underscores."""
    return re.sub(r"[\W_]+", "_", written.strip().lower()).strip("_")


def check(content: Content) -> None:
    """Raises Invalid with what is wrong with the table."""
    columns, rows = content.columns, content.rows
    if not columns or not rows:
        raise Invalid("The table has no areas, or nothing is said of them.", field="file")
    if len(rows) > MOST_ROWS or len(columns) > MOST_COLUMNS:
        raise Invalid(
            f"The table is too large: at most {MOST_ROWS:,} areas and {MOST_COLUMNS} columns.",
            field="file",
        )
    if len(set(columns)) != len(columns) or "" in columns:
        raise Invalid("Each column needs a name of its own.", field="file")
    seen: set[str] = set()
    for area, values in rows:
        if area in seen:
            raise Invalid(f"The area {area[:40]} is in the table twice.", field="file")
        if len(values) != len(columns) or any(len(each) > LONGEST_VALUE for each in values):
            raise Invalid(f"The row of the area {area[:40]} cannot be read.", field="file")
        seen.add(area)
