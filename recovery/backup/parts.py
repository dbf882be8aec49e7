"""Which tables belong to a backup, in which order, and what of them is new since an earlier one?

Every table of the schema `desk` that is not named here is taken whole, so that nobody has to
remember to add one. The projections are not taken: they follow from the log.
"""

from __future__ import annotations

from typing import Any

import msgspec
import psycopg
from psycopg import sql

from recovery.errors import Refused

LEFT = frozenset(
    {"alembic_version", "backups", "sessions", "sign_in_failures", "leases", "presence"}
)
"""Tables that mean nothing on another day or another server."""
KEYS = "vault_keys"
_TILE = "index >= (%(sealed)s::bigint >> (8 * (level + 1)))"


class Since(msgspec.Struct, frozen=True):
    """How far an earlier backup reached; as it stands here, it reached nowhere."""

    position: int = 0
    """In the log."""
    sealed: int = 0
    """Events under the newest head."""
    snapshot: str = ""
    """Which transactions it had seen."""


class Part(msgspec.Struct, frozen=True):
    """A table, and how it is told in an increment."""

    table: str
    columns: tuple[str, ...]
    grows: str = ""
    """True of the rows that an increment holds; without it the table is taken whole."""
    renewed: str = ""
    """True of the rows that an increment takes the place of, likewise."""

    @property
    def is_sealed(self) -> bool:
        """Whether its content is encrypted already, so that nothing makes it smaller."""
        return self.table in (KEYS, "papers")

    def read(self, since: Since | None) -> tuple[sql.Composed, dict[str, Any]]:
        """What asks for the rows, all of them or those that came since."""
        where = self.grows if since and self.grows else "true"
        query = sql.SQL("select {columns} from {table} where {where}").format(
            columns=self._names(), table=self.name, where=sql.SQL(where)
        )
        return query, msgspec.structs.asdict(since) if since else {}

    def write(self) -> sql.Composed:
        """What takes the rows in."""
        return sql.SQL("copy {} ({}) from stdin (format binary)").format(self.name, self._names())

    def make_room(self, since: Since | None) -> tuple[sql.Composed, dict[str, Any]]:
        """What removes the rows that the new ones take the place of."""
        where = self.renewed if since and self.grows else "true"
        query = sql.SQL("delete from {} where {}").format(self.name, sql.SQL(where))
        return query, msgspec.structs.asdict(since) if since else {}

    @property
    def name(self) -> sql.Identifier:
        return sql.Identifier("desk", self.table)

    def _names(self) -> sql.Composed:
        return sql.SQL(", ").join(map(sql.Identifier, self.columns))


_GROWING = {
    "events": ("notification_id > %(position)s", "false"),
    "commands": ("position > %(position)s", "false"),
    "papers": ("not pg_visible_in_snapshot(tx, %(snapshot)s::pg_snapshot)", "false"),
    "seal_heads": ("size > %(sealed)s", "false"),
    "seal_tiles": (_TILE, _TILE),
}
"""Tables that only grow: what is new of them, and what an increment replaces."""


def parts(conn: psycopg.Connection[Any]) -> list[Part]:
    """Every table to be kept, each after those that it refers to."""
    columns: dict[str, list[str]] = {}
    for table, column in conn.execute(
        "select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid"
        " where c.relnamespace = 'desk'::regnamespace and c.relkind = 'r' and a.attnum > 0"
        " and not a.attisdropped and a.attgenerated = '' and a.attname <> 'tx'"
        " order by c.relname, a.attnum"
    ).fetchall():
        if table not in LEFT:
            columns.setdefault(table, []).append(column)
    return [
        Part(table, tuple(columns[table]), *_GROWING.get(table, ()))
        for table in _ordered(conn, sorted(columns))
    ]


def _ordered(conn: psycopg.Connection[Any], tables: list[str]) -> list[str]:
    needs: dict[str, set[str]] = {table: set() for table in tables}
    for table, other in conn.execute(
        "select r.relname, f.relname from pg_constraint k"
        " join pg_class r on r.oid = k.conrelid join pg_class f on f.oid = k.confrelid"
        " where k.contype = 'f' and k.connamespace = 'desk'::regnamespace"
    ).fetchall():
        if table in needs and other in needs and other != table:
            needs[table].add(other)
    found: list[str] = []
    while len(found) < len(tables):
        free = [t for t in tables if t not in found and needs[t] <= set(found)]
        if not free:
            raise Refused("The desk's tables refer to each other in a circle.")
        found += free
    return found
