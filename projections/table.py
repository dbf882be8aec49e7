"""What is a projection, and how do its rows get into and out of PostgreSQL as sets?

A projection answers one question: a row type, a pure fold, a table. Rows belong to groups (the
entries of one complaint, the one ticket of a complaint); a fold gets the group's rows and a record
and gives the rows back. Rows travel as JSON arrays, one statement for each set; many new ones by
COPY.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, Generic, TypeVar

import msgspec
import psycopg
import sqlalchemy as sa
from psycopg import errors as pg
from psycopg import sql
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.schema import CreateIndex, CreateTable

from projections.copying import Copying
from recovery.events import Event, Recorded
from recovery.policy.library import Policies

Row = TypeVar("Row", bound=msgspec.Struct)
LIVE = "read"
WORTH_COPYING = 100
"""Rows from which on COPY is quicker than an insert."""
metadata = sa.MetaData(schema=LIVE)


@dataclass(frozen=True)
class Given:
    """What a fold may look up besides the record: nothing that changes while it folds."""

    policies: Policies
    papers: Mapping[str, bytes] = field(default_factory=dict)
    """Content of the papers the projection asked for; forgotten ones are absent."""


def _nothing(_: Recorded) -> Sequence[str]:
    return ()


def _as_it_is(rows: Any, _: Given) -> Any:
    return rows


@dataclass(frozen=True)
class Projection(Generic[Row]):
    """One question: how its rows follow from the log.

    `events` are the kinds it looks at and `groups` names the groups a record touches: where there
    are several it is folded for each, and each keeps the rows that are its own. `fold` must be
    pure. `settle` derives, once a batch and group, what follows from the rows alone. `starts`
    is true of a record before which its groups cannot have rows, which saves looking for them.
    `appends` is true where each record only ever adds rows of its own.
    """

    name: str
    version: int
    table: sa.Table
    row: type[Row]
    group: str
    events: frozenset[type[Event]]
    groups: Callable[[Recorded], Sequence[str]]
    fold: Callable[[tuple[Row, ...], Recorded, Given], tuple[Row, ...]]
    settle: Callable[[tuple[Row, ...], Given], tuple[Row, ...]] = _as_it_is
    papers: Callable[[Recorded], Sequence[str]] = _nothing
    starts: Callable[[Recorded], bool] = lambda _: False
    appends: bool = False

    @property
    def reads_papers(self) -> bool:
        return self.papers is not _nothing

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return tuple(f.encode_name for f in msgspec.structs.fields(self.row))

    @cached_property
    def key(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.table.primary_key.columns)

    def key_of(self, row: Row) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name in self.key)


@dataclass
class Changes(Generic[Row]):
    """What a batch does to a table."""

    fresh: list[Row] = field(default_factory=list)
    """Rows of groups that had none."""
    renewed: list[Row] = field(default_factory=list)
    vanished: list[tuple[Any, ...]] = field(default_factory=list)
    """Keys."""


class Rows(Generic[Row]):
    """The rows of one projection in one schema: the live ones, or those of a rebuild."""

    def __init__(self, projection: Projection[Row], schema: str = LIVE) -> None:
        self.projection = projection
        self.schema = schema
        self._table = _placed(projection.table, schema)
        self._decode = msgspec.json.Decoder(list[projection.row]).decode  # type: ignore[name-defined]
        name = sql.Identifier(schema, projection.table.name)
        columns = sql.SQL(", ").join(map(sql.Identifier, projection.columns))
        key = sql.SQL(", ").join(map(sql.Identifier, projection.key))
        renewed = sql.SQL(", ").join(
            sql.SQL("{0} = excluded.{0}").format(sql.Identifier(c))
            for c in projection.columns
            if c not in projection.key
        )
        self._select = sql.SQL(
            "select coalesce(json_agg(r), '[]')::text from"
            " (select {columns} from {name} where {group} = any(%s) order by {key}) r"
        ).format(columns=columns, name=name, group=sql.Identifier(projection.group), key=key)
        conflict = sql.SQL(" on conflict ({key}) do update set {renewed}").format(
            key=key, renewed=renewed
        )
        self._upsert = sql.SQL(
            "insert into {name} ({columns})"
            " select {columns} from json_populate_recordset(null::{name}, %s::json){conflict}"
        ).format(
            name=name, columns=columns, conflict=sql.SQL("") if projection.appends else conflict
        )
        self._copying = Copying(self._table, projection.columns)
        self._delete = sql.SQL("delete from {name} where ({key}) = ({values})").format(
            name=name,
            key=key,
            values=sql.SQL(", ").join([sql.Placeholder()] * len(projection.key)),
        )

    def create(self, conn: psycopg.Connection[Any], *, indexes: bool) -> None:
        """Make the table, with its secondary indexes or without.

        The planner is to know nothing of what no condition compares: to find that out takes it
        longer than all the other columns together.
        """
        conn.execute(_ddl(CreateTable(self._table)))
        for column in self._table.columns:
            if isinstance(column.type, (sa.JSON, TSVECTOR)):
                conn.execute(
                    sql.SQL("alter table {} alter {} set statistics 0").format(
                        sql.Identifier(self.schema, self._table.name), sql.Identifier(column.name)
                    )
                )
        if indexes:
            self.create_indexes(conn)

    def create_indexes(self, conn: psycopg.Connection[Any]) -> None:
        for index in sorted(self._table.indexes, key=lambda i: str(i.name)):
            conn.execute(_ddl(CreateIndex(index)))

    def load(self, conn: psycopg.Connection[Any], groups: Sequence[str]) -> list[Row]:
        """The rows of the groups, ordered by key."""
        found = conn.execute(self._select, (groups,), prepare=True).fetchone()
        assert found is not None
        return self._decode(found[0])

    def write(self, conn: psycopg.Connection[Any], changes: Changes[Row]) -> None:
        """Carry the changes out, each kind as one set."""
        if changes.vanished:
            with conn.cursor() as cursor:
                cursor.executemany(self._delete, changes.vanished)
        upserts = changes.renewed
        if len(changes.fresh) >= WORTH_COPYING:
            self._copying.copy(conn, changes.fresh)
        else:
            upserts = [*changes.fresh, *upserts]
        if upserts:
            conn.execute(self._upsert, (msgspec.json.encode(upserts).decode(),), prepare=True)


@cache
def live_rows(projection: Projection[Row]) -> Rows[Row]:
    """The live rows; they hold no state, so every engine of a process may share them."""
    return Rows(projection)


class Unfoldable(Exception):
    """A projection met a record it cannot fold."""

    def __init__(self, projection: str, record: Recorded, reason: str) -> None:
        super().__init__(f"{projection} stops at position {record.position}: {reason}")
        self.projection = projection
        self.record = record
        self.reason = reason


class Unwritable(Unfoldable):
    """The database does not take what was folded; which record of a batch it was is not known."""


UNWRITABLE = (psycopg.DataError, psycopg.IntegrityError, pg.ProgramLimitExceeded)
"""What the database raises for values it cannot keep; trying again would not help."""


def database_reason(error: psycopg.Error) -> str:
    """The kind of a database's error, without its words: they repeat the values of the row."""
    return f"{type(error).__name__} ({error.sqlstate or 'before it was sent'})"


def fold_batch(
    projection: Projection[Row], records: Sequence[Recorded], given: Given,
    load: Callable[[Sequence[str]], list[Row]],
) -> Changes[Row]:  # fmt: skip
    """What the records change; `load` gives the rows of groups. Raises Unfoldable."""
    changes: Changes[Row] = Changes()
    mine = [r for r in records if type(r.event) in projection.events]
    if projection.appends:
        for record in mine:
            changes.fresh += _folded(projection, (), (record,), given)
        return changes
    touched: dict[str, list[Recorded]] = {}
    shared: set[str] = set()
    for record in mine:
        groups = projection.groups(record)
        for group in groups:
            touched.setdefault(group, []).append(record)
        if len(groups) > 1:
            shared.update(groups)
    known = [g for g, group_records in touched.items() if not projection.starts(group_records[0])]
    before: dict[str, tuple[Row, ...]] = {}
    for row in load(known) if known else ():
        name = getattr(row, projection.group)
        before[name] = (*before.get(name, ()), row)
    for group, group_records in touched.items():
        old = before.get(group, ())
        after = _folded(projection, old, group_records, given)
        if group in shared:
            after = tuple(row for row in after if getattr(row, projection.group) == group)
        if not old:
            changes.fresh += after
        elif after is not old:
            changes.renewed += [row for row in after if row not in old]
            kept = {projection.key_of(row) for row in after}
            changes.vanished += [k for row in old if (k := projection.key_of(row)) not in kept]
    return changes


def _folded(
    projection: Projection[Row], rows: tuple[Row, ...], records: Sequence[Recorded], given: Given
) -> tuple[Row, ...]:
    after, fold, record = rows, projection.fold, records[0]
    try:
        for record in records:
            after = fold(after, record, given)
        return after if after is rows else projection.settle(after, given)
    except Exception as error:
        # What an error says may repeat what was folded: from papers, somebody's own words.
        said = "" if projection.reads_papers else f": {error}"
        raise Unfoldable(projection.name, record, f"{type(error).__name__}{said}") from error


@cache
def _placed(table: sa.Table, schema: str) -> sa.Table:
    """The table as it stands in a schema."""
    return table.to_metadata(sa.MetaData(), schema=schema)


def _ddl(element: Any) -> bytes:
    return str(element.compile(dialect=_DIALECT)).encode()


_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
