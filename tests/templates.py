"""The databases that each test gets a copy of: made once for a run, copied in a blink."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import fasteners
import psycopg

from recovery.database import Database
from recovery.vault import Vault
from tests.cast import PASSWORD, PEOPLE
from tests.desks import TestDesk
from web.accounts import Accounts

EMPTY = "recovery_template"
"""Migrated, and nothing in it."""
DESK = "recovery_template_desk"
"""With the projections' tables, and the house policy in force."""
STAFFED = "recovery_template_staffed"
"""With Ana, Bo, Sue and Ada, who may sign in."""


def chosen(fixtures: Collection[str]) -> str:
    """The template for a test that asks for these fixtures."""
    if "people" in fixtures:
        return STAFFED
    return DESK if {"desk", "runtime"} & set(fixtures) else EMPTY


def at(url: str, name: str) -> str:
    """The URL of another database on the same server."""
    base, _, query = url.partition("?")
    return base.rpartition("/")[0] + "/" + name + (f"?{query}" if query else "")


def copy(conn: psycopg.Connection[Any], template: str, name: str) -> None:
    """Make a database like a template."""
    how = "strategy file_copy" if conn.info.server_version >= 150000 else ""
    conn.execute(f"create database {name} template {template} {how}".encode())


def make(url: str, folder: Path) -> None:
    """Make the templates, each from the one before; processes that come later find them."""
    with (
        fasteners.InterProcessLock(folder / "template.lock"),
        psycopg.connect(url, autocommit=True) as conn,
    ):
        known = {row[0] for row in conn.execute("select datname from pg_database")}
        before = "template0 encoding 'UTF8'"
        for name, fill in ((EMPTY, _migrate), (DESK, _open), (STAFFED, staff)):
            if name not in known:
                conn.execute(f"create database {name} template {before}")
                database = Database(at(url, name), size=2).open()
                fill(database)
                database.close()
            before = name


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
