"""Does the log say what failed, and nothing that a person wrote?"""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from psycopg import errors as pg

from recovery.database import Database
from web import errors
from web.faults import told

WORDS = "My name is Lee and I owe nobody anything."


def by_the_store(database: Database) -> None:
    with database.connection() as conn:
        conn.execute("select %s::int", (WORDS,))


def by_the_read_models(database: Database) -> None:
    with database.engine.connect() as conn:
        conn.execute(sa.text("select cast(:words as text)::int"), {"words": WORDS})


def on_the_way_to_something_else(database: Database) -> None:
    try:
        by_the_store(database)
    except pg.InvalidTextRepresentation as error:
        raise ValueError("This cannot be kept.") from error


@pytest.mark.parametrize("ask", [by_the_store, by_the_read_models, on_the_way_to_something_else])
def test_a_database_error_is_told_by_its_kind_and_place(
    database: Database, ask: Callable[[Database], None]
) -> None:
    with pytest.raises(Exception) as failure:
        ask(database)

    said = told(failure.value)

    assert WORDS in str(failure.value.__cause__ or failure.value)
    assert WORDS not in said
    assert said.startswith("InvalidTextRepresentation, SQLSTATE 22P02")
    assert ask.__name__ in said


def test_any_other_failure_is_told_whole() -> None:
    try:
        raise ValueError("no such stage")
    except ValueError as error:
        said = told(error)

    assert said.endswith("ValueError: no such stage")
    assert "test_faults.py" in said


def test_the_server_tells_a_fault_that_is_handed_on_to_it_without_the_words(
    database: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors.install(FastAPI())
    server = logging.getLogger("uvicorn.error")
    monkeypatch.setattr(server, "disabled", False)  # whatever another test's server did
    server.addHandler(caplog.handler)
    caplog.set_level(logging.ERROR, logger=server.name)
    try:
        by_the_read_models(database)
    except sa.exc.DBAPIError as error:
        server.error("Exception in ASGI application\n", exc_info=error)
    finally:
        server.removeHandler(caplog.handler)

    assert "Exception in ASGI application: InvalidTextRepresentation" in caplog.text
    assert WORDS not in caplog.text
