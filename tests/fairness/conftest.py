"""A desk with complaints whose treatment is known, and what is known of their areas."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from projections import areas as areas_projection
from projections import fairness
from projections.table import Changes, Given, Rows
from recovery.database import Database
from recovery.events import Recorded, complaint_stream
from recovery.policy.library import Policies
from tests.web.conftest import app, people, program, runtime, settings  # noqa: F401
from tests.web.pages.conftest import sit_down  # noqa: F401
from web.importing import mapping
from web.importing.binding import Binding
from web.importing.readers import Row, open_table
from web.importing.rows import Draft
from web.importing.rows import Rows as Reader
from web.importing.survey import look

AS_OF = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def compared(database_url: str) -> None:
    """Asked for, the complaints of `tests.fairness.compared` are there, caught up."""


BringIn = Callable[[str, str], None]
SURVEYED = 500
"""Lines of a real file from which its columns and dates are told."""


@pytest.fixture
def bring_in(database: Database, shared: Path, tmp_path: Path) -> BringIn:
    """Real files as rows of the projection, by its own fold, without the log in between."""

    def from_file(name: str, preset: str) -> None:
        path = shared / "data" / "complaints" / name
        beginning = tmp_path / name
        with path.open("rb") as file:
            beginning.write_bytes(b"".join(islice(file, SURVEYED)))
        gc.disable()  # all of it is kept until it is written
        rows = [row for draft in _drafts(path, beginning, preset) for row in _folded(draft)]
        gc.enable()
        _write(database, fairness.PROJECTION, rows)

    return from_file


def _folded(draft: Draft) -> tuple[Any, ...]:
    found: tuple[Any, ...] = ()
    stream, given = complaint_stream(draft.received.source), Given(Policies())
    for version, event in enumerate([draft.received, *draft.later], 1):
        found = fairness.fold(found, Recorded(stream, version, event), given)
    return found


def _drafts(path: Path, beginning: Path, preset: str) -> Iterator[Draft]:
    """The complaints of a file; its columns and dates are told from its beginning."""
    table, rules = open_table(path), mapping.load(preset)
    size = beginning.stat().st_size
    survey = look(open_table(beginning), rules, size=size, progress=lambda _: None)
    binding = Binding(rules, survey.columns)
    reader = Reader(rules, binding, survey.dates, secret=b"secret")
    yield from (reader.build(row) for row in table.rows() if isinstance(row, Row))


@pytest.fixture
def demographics(database: Database, shared: Path) -> None:
    """What is known of the areas of the United States, as the command reads it."""
    from web.fairness.areas import read

    content = read(shared / "data" / "geo" / "zip_demographics_acs2013.csv").content
    rows = [
        areas_projection.Area(
            attribute="zip", version=1, area=area,
            told={c: v for c, v in zip(content.columns, values, strict=True) if v},
        )
        for area, values in content.rows
    ]  # fmt: skip
    _write(database, areas_projection.PROJECTION, rows)


def _write(database: Database, projection: Any, rows: Sequence[Any]) -> None:
    table: Rows[Any] = Rows(projection)
    with database.dedicated() as conn:
        conn.execute("create schema if not exists read")
        name = f"read.{projection.table.name}"
        if conn.execute("select to_regclass(%s)", (name,)).fetchone() == (None,):
            table.create(conn, indexes=True)
        table.write(conn, Changes(fresh=list(rows)))
        conn.execute("analyze")
