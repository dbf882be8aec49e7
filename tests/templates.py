"""The databases that each test gets a copy of: made once for a run, copied in a blink."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import psycopg

from recovery.database import Database
from recovery.vault import Vault
from tests.cast import NINE, PASSWORD, PEOPLE
from tests.desks import TestDesk
from web.accounts import Accounts
from web.demo.load import load_demo

EMPTY = "recovery_template"
"""Migrated, and nothing in it."""
DESK = "recovery_template_desk"
"""With the projections' tables, and the house policy in force."""
STAFFED = "recovery_template_staffed"
"""With Ana, Bo, Sue and Ada, who may sign in."""
TOLD = "recovery_template_told"
"""A desk with half a year of the demonstration's complaints, up to NINE, caught up."""
COMPARED = "recovery_template_compared"
"""With people, and with what `tests.fairness.compared` brings in."""
STORIES = 300


def chosen(fixtures: Collection[str]) -> str:
    """The template for a test that asks for these fixtures."""
    if "half_a_year" in fixtures:
        return TOLD
    if "compared" in fixtures:
        return COMPARED
    if "people" in fixtures:
        return STAFFED
    return DESK if {"desk", "runtime", "accounts", "recovery"} & set(fixtures) else EMPTY


def at(url: str, name: str) -> str:
    """The URL of another database on the same server."""
    base, _, query = url.partition("?")
    return base.rpartition("/")[0] + "/" + name + (f"?{query}" if query else "")


def copy(conn: psycopg.Connection[Any], template: str, name: str) -> None:
    """Make a database like a template."""
    how = "strategy file_copy" if conn.info.server_version >= 150000 else ""
    conn.execute(f"create database {name} template {template} {how}".encode())


def make(url: str, name: str = STAFFED) -> None:
    """Make a template and those it begins from, unless another process of the run has."""
    before, fill = _MADE[name]
    if before in _MADE:
        make(url, before)
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("select pg_advisory_lock(hashtext('templates'))")
        if conn.execute("select 1 from pg_database where datname = %s", (name,)).fetchone():
            return
        unready = f"{name}_unready"
        conn.execute(f"drop database if exists {unready}".encode())
        conn.execute(f"create database {unready} template {before} encoding 'UTF8'".encode())
        database = Database(at(url, unready), size=2).open()
        fill(database)
        database.close()
        conn.execute(f"alter database {unready} rename to {name}".encode())


def _migrate(database: Database) -> None:
    database.migrate()


def _open(database: Database) -> None:
    TestDesk.on(database, Vault(b"m" * 32))


def staff(database: Database) -> None:
    accounts = Accounts(database, b"s" * 32)
    for name, role in PEOPLE.items():
        accounts.add_user(
            id=name, email=f"{name}@desk.test", name=name.title(), role=role, password=PASSWORD
        )


def _tell(database: Database) -> None:
    desk = TestDesk.on(database, Vault(b"m" * 32))
    load_demo(
        desk.store, desk.vault, desk.policies, complaints=STORIES, days=180, seed=3, until=NINE,
        secret=b"references",
    )  # fmt: skip
    desk.engine.catch_up()


def _compare(database: Database) -> None:
    from tests.fairness import compared  # the importer is heavy

    compared.fill(database)


_MADE: dict[str, tuple[str, Callable[[Database], None]]] = {
    EMPTY: ("template0", _migrate),
    DESK: (EMPTY, _open),
    STAFFED: (DESK, staff),
    TOLD: (DESK, _tell),
    COMPARED: (STAFFED, _compare),
}
"""Each with the one it begins from, and how it goes on."""
