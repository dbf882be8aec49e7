"""How does a file of complaints get into the log, each row accounted for, once?

First every row is looked at to learn how dates are written and which columns there are; then each
row becomes a stream. A row's guard is its source's name and its own id, so repeating an import
adds nothing, also after it was killed half-way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec
from msgspec.structs import replace

from recovery import reference
from recovery.bulk import BulkLoader, NewStream
from recovery.store import Store
from recovery.vault import SealedKey, SealedPaper, Vault
from web.importing.binding import Binding
from web.importing.dates import Dates
from web.importing.mapping import Mapping
from web.importing.readers import BadRow, Row, Table, normalise, open_table
from web.importing.rows import Draft, RowRefused, Rows

REPORT_EVERY = 500
"""Rows between two calls of `progress`."""
_MOST_COLUMNS = 2_000


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

    step: str
    """"looking" or "importing"."""
    rows: int
    of_rows: int | None
    bytes: int | None
    of_bytes: int


class Survey(NamedTuple):
    """What the first look at every row of a file tells."""

    rows: int
    columns: tuple[str, ...]
    dates: Dates
    date_format: str


class Sink(Protocol):
    """Takes streams and counts what became of them."""

    added: int
    already_there: int
    events: int

    def add(self, stream: NewStream) -> None: ...


class Rehearsal:
    """Counts what a load would do, and writes nothing."""

    def __init__(self, store: Store, *, batch: int = 1_000) -> None:
        self._store = store
        self._batch = batch
        self._guards: dict[str, int] = {}
        self.added = 0
        self.already_there = 0
        self.events = 0

    def add(self, stream: NewStream) -> None:
        self._guards[stream.guard] = len(stream.events)
        if len(self._guards) >= self._batch:
            self.flush()

    def flush(self) -> None:
        with self._store.database.connection() as conn:
            known = conn.execute(
                "select command from desk.commands where command = any(%s)", (list(self._guards),)
            ).fetchall()
        for (guard,) in known:
            del self._guards[guard]
        self.already_there += len(known)
        self.added += len(self._guards)
        self.events += sum(self._guards.values())
        self._guards = {}


def run_import(
    *, store: Store, vault: Vault, secret: bytes, path: Path, mapping: Mapping,
    limit: int | None = None, dry_run: bool = False, now: datetime | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> ImportReport:  # fmt: skip
    """Bring in the rows of the file, at most `limit` of them.

    `secret` makes references and complainants' ids that nobody can work out from the source's
    ids; rows received after `now` are flagged. Raises Unreadable for the file as a whole,
    StoreUnavailable; everything up to the last whole batch is kept then.
    """
    table = open_table(path)
    size = path.stat().st_size
    survey = look(table, mapping, limit=limit, size=size, progress=progress)
    binding = Binding(mapping, survey.columns)
    rows = Rows(mapping, binding, survey.dates, secret=secret, now=now)
    report = ImportReport(
        source=mapping.source, dry_run=dry_run, date_format=survey.date_format,
        columns_left_out=binding.left_over, notes=_notes(table, survey),
    )  # fmt: skip
    flagged: Counter[str] = Counter()

    def load(sink: Sink) -> None:
        for row in _limited(table, limit):
            report.read += 1
            if report.read % REPORT_EVERY == 0:
                done = Progress("importing", report.read, survey.rows, table.bytes_read(), size)
                progress(done)
            match _draft(rows, row):
                case RefusedRow() as refused:
                    report.refused.append(refused)
                case draft:
                    flagged.update(draft.flags)
                    sink.add(new_stream(draft, vault, secret))

    sink: BulkLoader | Rehearsal
    if dry_run:
        sink = Rehearsal(store)
        load(sink)
        sink.flush()
    else:
        with BulkLoader(store, secret=secret) as sink:
            load(sink)
    progress(Progress("importing", report.read, survey.rows, size, size))
    report.imported, report.already_there = sink.added, sink.already_there
    report.events, report.flagged = sink.events, dict(flagged.most_common())
    return report


def look(
    table: Table, mapping: Mapping, *, limit: int | None, size: int,
    progress: Callable[[Progress], None],
) -> Survey:  # fmt: skip
    """Read the whole file once for its columns and how its dates are written."""
    dates = Dates(mapping.dates.formats, mapping.zone, mapping.dates.precision)
    candidates = tuple(dict.fromkeys(normalise(name) for name in mapping.date_columns))
    own_names = not table.columns
    columns: dict[str, None] = dict.fromkeys(table.columns)
    count = 0
    for row in _limited(table, limit):
        count += 1
        if count % REPORT_EVERY == 0:
            progress(Progress("looking", count, None, table.bytes_read(), size))
        if isinstance(row, BadRow):
            continue
        for name in candidates:
            if text := row.cells.get(name):
                dates.look(text.strip())
        if own_names and len(columns) < _MOST_COLUMNS:
            columns.update(dict.fromkeys(row.cells))
    return Survey(count, tuple(columns), dates, dates.settle())


def new_stream(draft: Draft, vault: Vault, secret: bytes) -> NewStream:
    """The draft with its personal words sealed, under the reference it will always have."""
    received = draft.received
    keys: list[SealedKey] = []
    papers: list[SealedPaper] = []
    if draft.words or draft.contact:
        owner = received.complainant
        key, sealed_key = vault.new_key(owner)
        keys.append(sealed_key)
        if draft.words:
            papers.append(vault.seal(key, owner, draft.words))
            received = replace(received, words=papers[-1].ref)
        if draft.contact:
            papers.append(vault.seal(key, owner, draft.contact))
            received = replace(received, contact=papers[-1].ref)
    return NewStream(
        guard=f"import:{received.source}",
        reference=reference.derive(secret, received.source),
        events=[received, *draft.later],
        keys=keys,
        papers=papers,
    )


def _draft(rows: Rows, row: Row | BadRow) -> Draft | RefusedRow:
    if isinstance(row, BadRow):
        return RefusedRow(row.number, row.reason)
    try:
        return rows.build(row)
    except RowRefused as why:
        return RefusedRow(row.number, str(why))


def _limited(table: Table, limit: int | None) -> Iterator[Row | BadRow]:
    return islice(table.rows(), limit)


def _notes(table: Table, survey: Survey) -> tuple[str, ...]:
    if not survey.dates.ambiguous:
        return table.notes
    return (
        *table.notes,
        f"No date in the file tells day from month; {survey.date_format} was taken, as the"
        " mapping names it first.",
    )
