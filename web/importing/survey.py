"""What do all rows of a file together tell: which columns, how many rows, how dates are written?"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from web.importing.dates import Dates
from web.importing.mapping import Mapping
from web.importing.readers import BadRow, Table, normalise
from web.importing.report import Progress

REPORT_EVERY = 500
"""Rows between two calls of `progress`."""
_MOST_COLUMNS = 2_000
_MANY = "No date in the file tells day from month; {} was taken, as the mapping names it first."


class Survey(NamedTuple):
    """What the first look at every row tells."""

    rows: int
    columns: tuple[str, ...]
    dates: Dates
    date_format: str

    @property
    def notes(self) -> tuple[str, ...]:
        return (_MANY.format(self.date_format),) if self.dates.ambiguous else ()


def look(
    table: Table, mapping: Mapping, *, size: int, progress: Callable[[Progress], None]
) -> Survey:
    """Read the whole file once, even if only some of it will be imported: a date means the same
    whatever part of its file is taken."""
    dates = Dates(mapping.dates.formats, mapping.zone, mapping.dates.precision)
    candidates = tuple(dict.fromkeys(normalise(name) for name in mapping.date_columns))
    each_names_its_own = not table.columns
    columns: dict[str, None] = dict.fromkeys(table.columns)
    count = 0
    for count, row in enumerate(table.rows(), 1):
        if count % REPORT_EVERY == 0:
            progress(Progress("looking", count, None, table.bytes_read(), size))
        if isinstance(row, BadRow):
            continue
        for name in candidates:
            if text := row.cells.get(name):
                dates.look(text.strip())
        if each_names_its_own and len(columns) < _MOST_COLUMNS:
            columns.update(dict.fromkeys(row.cells))
    return Survey(count, tuple(columns), dates, dates.settle())
