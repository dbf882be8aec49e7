"""Do real files come in whole, and does the queue show what they say?"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from projections import queue
from projections.engine import Engine
from recovery.database import Database
from recovery.policy.library import Policies
from recovery.store import Store
from recovery.vault import Vault
from web.importing import mapping
from web.importing.report import ImportReport
from web.importing.run import run_import


@pytest.fixture
def files(shared: Path) -> Path:
    return shared / "data" / "complaints"


def bring_in(store: Store, path: Path, preset: str) -> ImportReport:
    return run_import(
        store=store, vault=Vault(b"m" * 32), secret=b"secret", path=path,
        mapping=mapping.load(preset),
    )  # fmt: skip


def counts(
    database: Database, what: sa.ColumnElement[str], *where: sa.ColumnElement[bool]
) -> Counter[str]:
    """Tickets of the queue, caught up, by what is asked."""
    engine = Engine(database, Vault(b"m" * 32), Policies(), (queue.PROJECTION,))
    engine.ensure()
    engine.catch_up()
    with database.engine.connect() as conn:
        rows = conn.execute(sa.select(what, sa.func.count()).where(*where).group_by(what))
        return Counter({value or "": count for value, count in rows})


def in_file(path: Path, column: str) -> Counter[str]:
    with path.open(newline="", encoding="utf-8") as file:
        return Counter(row[column] for row in csv.DictReader(file))


RESPONSE = queue.table.c.attributes["response"].astext
IS_OPEN = queue.table.c.open


@pytest.mark.soak
def test_fifty_thousand_complaints_of_the_bureau(
    store: Store, database: Database, files: Path
) -> None:
    path = files / "cfpb-2011-2016.csv"

    first = bring_in(store, path, "cfpb")
    head = store.head()
    again = bring_in(store, path, "cfpb")

    assert (first.read, first.imported, first.refused) == (51_009, 51_009, [])
    assert (again.imported, again.already_there, store.head()) == (0, 51_009, head)
    assert first.flagged["no_id"] == 3_186
    assert counts(database, RESPONSE) == in_file(path, "Company response to consumer")
    assert counts(database, RESPONSE, IS_OPEN) == {"In progress": 5_135}
    assert counts(database, sa.cast(queue.table.c.cycle, sa.Text)) == {"1": 42_589, "2": 8_420}


@pytest.mark.parametrize(
    ("name", "column", "rows", "still_open", "known"),
    [
        ("cfpb-2013-08-raw.csv", "company_response_to_consumer", 1_000, {}, "%m/%d/%Y"),
        (
            "cfpb-2023-04-dd-mm-yyyy.csv", "Company_response_to_consumer", 3_999,
            {"In progress": 3_289}, "%d-%m-%Y",
        ),
    ],
)  # fmt: skip
def test_other_spellings_of_the_bureau(
    store: Store, database: Database, files: Path, name: str, column: str, rows: int,
    still_open: dict[str, int], known: str,
) -> None:  # fmt: skip
    report = bring_in(store, files / name, "cfpb")

    assert (report.read, report.imported, report.refused) == (rows, rows, [])
    assert (report.date_format, report.columns_left_out, report.notes) == (known, (), ())
    assert counts(database, RESPONSE) == in_file(files / name, column)
    assert counts(database, RESPONSE, IS_OPEN) == still_open


def test_requests_of_new_york(store: Store, database: Database, files: Path) -> None:
    report = bring_in(store, files / "nyc311-animals-2025.csv", "nyc311")

    assert (report.read, report.imported, report.refused) == (4_969, 4_969, [])
    assert report.flagged == {"zero_duration": 309, "midnight": 2, "unknown_borough": 1}
    state = sa.case((IS_OPEN, "In Progress"), else_="Closed")
    assert counts(database, state) == in_file(files / "nyc311-animals-2025.csv", "Status")


def test_one_file_within_another_adds_nothing(store: Store, files: Path, tmp_path: Path) -> None:
    """The raw extract of August 2013 is one of the extracts in the joined file."""
    raw = files / "cfpb-2013-08-raw.csv"
    bring_in(store, raw, "cfpb")
    with raw.open(newline="", encoding="utf-8") as file:
        known = {row["complaint_id"] for row in csv.DictReader(file)}
    joined = tmp_path / "joined.csv"
    lines = (files / "cfpb-2011-2016.csv").read_text("utf-8").splitlines(keepends=True)
    joined.write_text("".join([lines[0], *(x for x in lines if x.split(",")[0] in known)]), "utf-8")

    report = bring_in(store, joined, "cfpb")

    assert (report.imported, report.already_there) == (0, 1_000)
