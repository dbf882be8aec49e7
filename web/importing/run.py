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

from msgspec.structs import replace

from recovery import reference
from recovery.bulk import BulkLoader, NewStream
from recovery.policy.library import NONE, InForce
from recovery.store import Store
from recovery.vault import SealedKey, SealedPaper, Vault
from web.importing.binding import Binding
from web.importing.mapping import Mapping
from web.importing.readers import BadRow, Row, open_table
from web.importing.rehearsal import Rehearsal
from web.importing.report import ImportReport, Progress, RefusedRow
from web.importing.rows import Draft, RowRefused, Rows
from web.importing.survey import REPORT_EVERY, look


def run_import(
    *, store: Store, vault: Vault, secret: bytes, path: Path, mapping: Mapping,
    policy: InForce = NONE, limit: int | None = None, dry_run: bool = False,
    now: datetime | None = None, progress: Callable[[Progress], None] = lambda _: None,
) -> ImportReport:  # fmt: skip
    """Bring in the rows of the file, at most `limit` of them.

    `secret` makes references and complainants' ids that nobody can work out from the source's
    ids; complaints are bound to `policy`; rows received after `now` are flagged. Raises Unreadable
    for the file as a whole and StoreUnavailable; everything up to the last whole batch is kept
    then.
    """
    table = open_table(path)
    size = path.stat().st_size
    survey = look(table, mapping, size=size, progress=progress)
    binding = Binding(mapping, survey.columns)
    rows = Rows(mapping, binding, survey.dates, secret=secret, policy=policy, now=now)
    report = ImportReport(
        source=mapping.source, dry_run=dry_run, date_format=survey.date_format,
        columns_left_out=binding.left_over, notes=(*table.notes, *survey.notes),
    )  # fmt: skip
    of_rows = min(survey.rows, limit) if limit is not None else survey.rows

    def counted() -> Iterator[Row | BadRow]:
        for row in islice(table.rows(), limit):
            report.read += 1
            if report.read % REPORT_EVERY == 0:
                progress(Progress("importing", report.read, of_rows, table.bytes_read(), size))
            yield row

    def load(sink: BulkLoader | Rehearsal) -> None:
        for draft in _drafts(rows, counted(), report):
            sink.add(new_stream(draft, vault, secret))
        sink.flush()
        report.imported, report.already_there = sink.added, sink.already_there
        report.events = sink.events

    if dry_run:
        load(Rehearsal(store))
    else:
        with BulkLoader(store, secret=secret) as loader:
            load(loader)
    progress(Progress("importing", report.read, of_rows, size, size))
    return report


def _drafts(rows: Rows, given: Iterator[Row | BadRow], report: ImportReport) -> Iterator[Draft]:
    """A draft of each row that can be a complaint; the others, and every flag, are reported."""
    flagged: Counter[str] = Counter()
    for row in given:
        try:
            if isinstance(row, BadRow):
                raise RowRefused(row.reason)
            draft = rows.build(row)
        except RowRefused as why:
            report.refused.append(RefusedRow(row.number, str(why)))
            continue
        flagged.update(draft.flags)
        yield draft
    report.flagged = dict(flagged.most_common())


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
