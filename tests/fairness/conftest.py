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
from recovery import areas
from recovery.areas import Content
from recovery.database import Database
from recovery.events import Recorded, complaint_stream
from recovery.policy.library import Policies
from tests.cast import NINE, SUE
from tests.web.conftest import app, people, program, runtime, settings  # noqa: F401
from tests.web.pages.conftest import sit_down  # noqa: F401
from web.importing import mapping
from web.importing.binding import Binding
from web.importing.readers import Row, open_table
from web.importing.rows import Draft
from web.importing.rows import Rows as Reader
from web.importing.run import run_import
from web.importing.survey import look
from web.runtime import Runtime

AS_OF = datetime(2026, 6, 1, tzinfo=UTC)
MAPPING = """
source = "shop"
id = ["id"]
received = ["received"]
[dates]
zone = "UTC"
formats = ["iso"]
[channel]
columns = ["channel"]
[channel.values]
email = "email"
phone = "phone"
[product]
columns = ["product"]
[attributes.zip]
columns = ["zip"]
[acts]
closed = ["closed"]
compensated = ["compensated"]
[money]
amount = ["amount"]
currency = ["currency"]
"""
HEADER = "id,received,channel,product,zip,closed,compensated,amount,currency"
PAID = {("email", "card"): 30, ("email", "loan"): 12, ("phone", "card"): 20, ("phone", "loan"): 25}
"""Of sixty complaints of each kind: how many were given money."""


@pytest.fixture
def complaints(runtime: Runtime, tmp_path: Path) -> None:  # noqa: F811
    """240 closed complaints, four open ones, and what is known of twelve areas."""
    lines = [HEADER]
    for (channel, product), paid in PAID.items():
        for n in range(60):
            given = "2026-03-03,25.00,GBP" if n < paid else ",,"
            lines.append(
                f"{channel}{product}{n},2026-03-02,{channel},{product},{601 + n % 12},2026-03-0"
                f"{3 + n % 5},{given}"
            )
    lines += [f"open{n},2026-03-02,email,card,606XX,,,," for n in range(4)]
    (tmp_path / "shop.csv").write_text("\n".join(lines))
    (tmp_path / "shop.toml").write_text(MAPPING)
    report = run_import(
        store=runtime.store, vault=runtime.vault, secret=b"secret", path=tmp_path / "shop.csv",
        mapping=mapping.load(str(tmp_path / "shop.toml")), now=NINE,
    )  # fmt: skip
    assert report.refused == []
    content = Content(("income",), tuple((f"00{601 + n}", (str(1000 * n),)) for n in range(12)))
    areas.upload(runtime.store, runtime.vault, content, attribute="zip", by=SUE, at=NINE)
    runtime.engine.catch_up()


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
