"""How do complaints, payouts and events go out, all of one instant of the database?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, BinaryIO, Literal

import msgspec
import psycopg

from projections import everything
from projections.everything import Whole
from projections.past import Cut
from projections.table import Given
from recovery import readings
from recovery.database import first_line
from recovery.errors import Refused, StoreUnavailable
from recovery.mapper import UnreadableEvent
from recovery.readings import Reading
from recovery.vault import Contact, Vault, Words
from web.exporting import complaints, events, payouts
from web.exporting.columns import Column, table
from web.exporting.complaints import Told
from web.exporting.formats import Format, Rows, writer
from web.runtime import Runtime

What = Literal["complaints", "events", "payouts"]
BY = "system:operator"
TRACE = "recovery export complaints --words"
Progress = Callable[[int, int | None], None]
"""Called with how many were looked at, and how many there are."""
_COUNT = {"complaints": "select count(*) from read.queue",
          "payouts": "select count(*) from read.payouts"}  # fmt: skip


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is to go out."""

    what: What
    form: Format = "csv"
    cut: Cut | None = None
    """As it was; None: as it is."""
    words: bool = False
    """Of complaints also what is personal."""


class Exported(msgspec.Struct, kw_only=True):
    """What went out."""

    what: What
    rows: int = 0
    position: int
    """Of the last event that it follows from."""
    unreadable: int = 0
    """Papers that were altered in the database, and are left out."""


class Sheet(msgspec.Struct, frozen=True):
    """Columns, how many rows are looked at, and portions of them with how many that were."""

    columns: Sequence[Column[Any]]
    total: int
    portions: Iterator[tuple[Rows, int]]


def export(
    desk: Runtime, asked: Asked, file: BinaryIO, *, now: datetime,
    progress: Progress = lambda done, total: None,
) -> Exported:  # fmt: skip
    """Write it to the file; words leave a trace before the first of them goes out.

    Raises Refused where a projection has stopped, and StoreUnavailable.
    """
    if asked.words:
        with desk.database.connection() as conn:
            readings.add(conn, [Reading(now, BY, "export", what=TRACE)])
    with _instant(desk) as conn:
        done = Exported(what=asked.what, position=_position(conn, asked))
        sheet = _sheet(desk, conn, asked, done, now)
        out, looked_at = writer(asked.form, file, sheet.columns), 0
        for rows, among in sheet.portions:
            out.write(rows)
            done.rows, looked_at = done.rows + len(rows), looked_at + among
            progress(looked_at, sheet.total)
        out.close()
    return done


@contextmanager
def _instant(desk: Runtime) -> Iterator[psycopg.Connection[Any]]:
    """A connection that sees the database as it is now, whatever happens meanwhile.

    Raises StoreUnavailable where it breaks, and Refused for what other software has recorded.
    """
    try:
        with desk.database.dedicated() as conn:
            conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            conn.read_only = True
            with conn.transaction():
                everything.hold(conn)
                yield conn
    except psycopg.OperationalError as error:
        raise StoreUnavailable(f"The database does not answer: {first_line(error)}.") from error
    except UnreadableEvent as error:
        raise Refused(f"An event cannot be read: {error}.") from error


def _position(conn: psycopg.Connection[Any], asked: Asked) -> int:
    last = everything.end(conn, asked.cut)
    return last if asked.what == "events" else min(last, everything.position(conn))


def _sheet(
    desk: Runtime, conn: psycopg.Connection[Any], asked: Asked, done: Exported, now: datetime
) -> Sheet:
    given, cut = Given(desk.policies), asked.cut
    match asked.what:
        case "events":
            found = everything.events(conn, cut)
            rows = ((table(events.COLUMNS, each.rows), each.looked_at) for each in found)
            return Sheet(events.COLUMNS, done.position, rows)
        case "payouts":
            money = everything.every_payout(conn, given, cut)
            rows = ((table(payouts.COLUMNS, each.rows), each.looked_at) for each in money)
            return Sheet(payouts.COLUMNS, _count(conn, asked.what), rows)
        case "complaints":
            columns = (*complaints.COLUMNS, *(complaints.WORDS if asked.words else ()))
            opener = _Opener(desk.vault, conn, done, cut.instant if cut else now)
            told = opener.worded if asked.words else opener.wordless
            cases = everything.complaints(conn, given, cut)
            rows = ((table(columns, told(each.rows)), each.looked_at) for each in cases)
            return Sheet(columns, _count(conn, asked.what), rows)


class _Opener:
    """Puts complaints together with their papers."""

    def __init__(
        self, vault: Vault, conn: psycopg.Connection[Any], done: Exported, as_of: datetime
    ) -> None:
        self._vault = vault
        self._conn = conn
        self._done = done
        self._as_of = as_of

    def wordless(self, found: Sequence[Whole]) -> list[Told]:
        return [Told(each, self._as_of) for each in found]

    def worded(self, found: Sequence[Whole]) -> list[Told]:
        tickets = [each.ticket for each in found]
        wanted = {paper for t in tickets for paper in (t.words, t.contact) if paper}
        papers, altered = self._vault.open_readable(self._conn, wanted)
        self._done.unreadable += len(altered)

        def read(paper: str | None, kind: type[Any]) -> Any:
            content = papers.get(paper) if paper else None
            return msgspec.json.decode(content, type=kind) if content is not None else None

        return [
            Told(each, self._as_of, read(each.ticket.words, Words),
                 read(each.ticket.contact, Contact))
            for each in found
        ]  # fmt: skip


def _count(conn: psycopg.Connection[Any], what: What) -> int:
    row = conn.execute(_COUNT[what].encode()).fetchone()
    assert row is not None
    return int(row[0])
