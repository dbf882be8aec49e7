"""What is a projection, and how do its rows get into and out of PostgreSQL as sets?

A projection answers one question: a row type, a pure fold, a table. Rows belong to groups (the
entries of one complaint, the one ticket of a complaint); a fold gets the group's rows and a record
and gives the rows back. Rows travel as JSON arrays, one statement for each set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

import msgspec
import psycopg
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from recovery.events import Recorded
from recovery.policy.library import Policies

Row = TypeVar("Row", bound=msgspec.Struct)
LIVE = "read"
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

    `groups` names the groups a record touches. `fold` must be pure. `settle` derives, once a batch
    and group, what follows from the rows alone. `starts` is true of a record before which its
    groups cannot have rows, which saves looking for them. `appends` is true where each record
    only ever adds rows of its own.
    """

    name: str
    version: int
    table: sa.Table
    row: type[Row]
    group: str
    groups: Callable[[Recorded], Sequence[str]]
    fold: Callable[[tuple[Row, ...], Recorded, Given], tuple[Row, ...]]
    settle: Callable[[tuple[Row, ...], Given], tuple[Row, ...]] = _as_it_is
    papers: Callable[[Recorded], Sequence[str]] = _nothing
    starts: Callable[[Recorded], bool] = lambda _: False
    appends: bool = False

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return tuple(f.encode_name for f in msgspec.structs.fields(self.row))

    @cached_property
    def key(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.table.primary_key.columns)

    def key_of(self, row: Row) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name in self.key)


class Rows(Generic[Row]):
    """The rows of one projection in one schema: the live ones, or those of a rebuild."""

    def __init__(self, projection: Projection[Row], schema: str = LIVE) -> None:
        self.projection = projection
        self._table = projection.table.to_metadata(sa.MetaData(), schema=schema)
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
        self._upsert = sql.SQL(
            "insert into {name} ({columns})"
            " select {columns} from json_populate_recordset(null::{name}, %s::json)"
            " on conflict ({key}) do update set {renewed}"
        ).format(name=name, columns=columns, key=key, renewed=renewed)
        self._insert = sql.SQL(
            "insert into {name} ({columns})"
            " select {columns} from json_populate_recordset(null::{name}, %s::json)"
        ).format(name=name, columns=columns)
        self._delete = sql.SQL("delete from {name} where ({key}) = ({values})").format(
            name=name,
            key=key,
            values=sql.SQL(", ").join([sql.Placeholder()] * len(projection.key)),
        )

    def create(self, conn: psycopg.Connection[Any], *, indexes: bool) -> None:
        """Make the table, with its secondary indexes or without."""
        conn.execute(_ddl(CreateTable(self._table)))
        if indexes:
            self.create_indexes(conn)

    def create_indexes(self, conn: psycopg.Connection[Any]) -> None:
        for index in sorted(self._table.indexes, key=lambda i: str(i.name)):
            conn.execute(_ddl(CreateIndex(index)))

    def load(self, conn: psycopg.Connection[Any], groups: Sequence[str]) -> list[Row]:
        """The rows of the groups, ordered by key."""
        if not groups:
            return []
        found = conn.execute(self._select, (groups,), prepare=True).fetchone()
        assert found is not None
        return self._decode(found[0])

    def write(self, conn: psycopg.Connection[Any], rows: Sequence[Row]) -> None:
        """Insert or replace the rows as one set."""
        if rows:
            statement = self._insert if self.projection.appends else self._upsert
            conn.execute(statement, (msgspec.json.encode(rows).decode(),), prepare=True)

    def delete(self, conn: psycopg.Connection[Any], keys: Iterable[tuple[Any, ...]]) -> None:
        with conn.cursor() as cursor:
            cursor.executemany(self._delete, list(keys))


def apply(
    rows: Rows[Row], conn: psycopg.Connection[Any], records: Sequence[Recorded], given: Given
) -> None:
    """Fold the records into the rows and write what changed; raises Unfoldable."""
    projection = rows.projection
    if projection.appends:
        rows.write(conn, [row for r in records for row in _folded(projection, (), r, given)])
        return
    touched: dict[str, list[Recorded]] = {}
    for record in records:
        for group in projection.groups(record):
            touched.setdefault(group, []).append(record)
    known = [g for g, first in touched.items() if not projection.starts(first[0])]
    before: dict[str, tuple[Row, ...]] = {}
    for row in rows.load(conn, known):
        name = getattr(row, projection.group)
        before[name] = (*before.get(name, ()), row)
    changed: list[Row] = []
    vanished: list[tuple[Any, ...]] = []
    for group, group_records in touched.items():
        old = after = before.get(group, ())
        for record in group_records:
            after = _folded(projection, after, record, given)
        if after is not old:
            after = _settled(projection, after, group_records[-1], given)
            changed += [row for row in after if row not in old]
            kept = {projection.key_of(row) for row in after}
            vanished += [k for row in old if (k := projection.key_of(row)) not in kept]
    if vanished:
        rows.delete(conn, vanished)
    rows.write(conn, changed)


class Unfoldable(Exception):
    """A projection met a record it cannot fold."""

    def __init__(self, projection: str, record: Recorded, reason: str) -> None:
        super().__init__(f"{projection} stops at position {record.position}: {reason}")
        self.projection = projection
        self.record = record
        self.reason = reason


def _folded(
    projection: Projection[Row], rows: tuple[Row, ...], record: Recorded, given: Given
) -> tuple[Row, ...]:
    try:
        return projection.fold(rows, record, given)
    except Exception as error:
        raise Unfoldable(projection.name, record, f"{type(error).__name__}: {error}") from error


def _settled(
    projection: Projection[Row], rows: tuple[Row, ...], last: Recorded, given: Given
) -> tuple[Row, ...]:
    try:
        return projection.settle(rows, given)
    except Exception as error:
        raise Unfoldable(projection.name, last, f"{type(error).__name__}: {error}") from error


def _ddl(element: Any) -> bytes:
    return str(element.compile(dialect=_DIALECT)).encode()


_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
