"""Is every row accounted for, once, whatever happens to the import?"""

from __future__ import annotations

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recovery.database import Database
from recovery.events import Received
from recovery.store import Store
from recovery.vault import Vault, Words, read
from tests.desks import TestDesk
from tests.importing.files import FORMATS, ROWS
from web.importing import mapping
from web.importing.readers import Unreadable
from web.importing.report import ImportReport, Progress, RefusedRow
from web.importing.run import run_import

ROOT = Path(__file__).parents[2]


def bring_in(store: Store, path: Path, preset: str = "cfpb", **more: Any) -> ImportReport:
    return run_import(
        store=store, vault=Vault(b"m" * 32), secret=b"secret", path=path,
        mapping=mapping.load(preset), **more,
    )  # fmt: skip


def many(path: Path, rows: int) -> Path:
    lines = (f"{n},2015-03-19,Closed with explanation,Yes\n" for n in range(rows))
    path.write_text("Complaint ID,Date received,Company response to consumer,Consumer disputed?\n")
    with path.open("a") as file:
        file.writelines(lines)
    return path


def complaints(store: Store) -> int:
    with store.database.connection() as conn:
        row = conn.execute("select count(distinct originator_id) from desk.events").fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_imported_once(store: Store, tmp_path: Path, name: str) -> None:
    FORMATS[name](tmp_path / name, ROWS)

    first = bring_in(store, tmp_path / name)
    again = bring_in(store, tmp_path / name)

    assert (first.read, first.imported, first.already_there, first.refused) == (2, 2, 0, [])
    assert (again.read, again.imported, again.already_there, again.refused) == (2, 0, 2, [])
    assert first.flagged == {"padded_zip": 1}
    assert complaints(store) == 2


def test_the_same_rows_in_another_format_are_already_there(store: Store, tmp_path: Path) -> None:
    FORMATS["comma.csv"](tmp_path / "a.csv", ROWS)
    FORMATS["book.xlsx"](tmp_path / "a.xlsx", ROWS)
    bring_in(store, tmp_path / "a.csv")

    report = bring_in(store, tmp_path / "a.xlsx")

    assert (report.imported, report.already_there) == (0, 2)


def test_every_projection_takes_imported_history(desk: TestDesk, tmp_path: Path) -> None:
    """Acts without a date, days instead of instants, no policy: nothing stops at them."""
    FORMATS["comma.csv"](tmp_path / "a.csv", ROWS)
    bring_in(desk.store, tmp_path / "a.csv")

    desk.engine.catch_up()

    with desk.store.database.connection() as conn:
        found = conn.execute(
            "select name, position, stopped_reason from read.projections"
        ).fetchall()
        owed = conn.execute("select count(*) from read.deliveries").fetchone()
    assert {(position, reason) for _, position, reason in found} == {(desk.store.head(), None)}
    assert owed == (0,)


def test_words_are_found_in_the_vault_again(store: Store, vault: Vault, tmp_path: Path) -> None:
    FORMATS["comma.csv"](tmp_path / "a.csv", ROWS)

    bring_in(store, tmp_path / "a.csv")

    with store.database.connection() as conn:
        [(stream,)] = conn.execute(
            "select stream from desk.commands where command = 'import:cfpb:501'"
        ).fetchall()
        received = store.records(stream)[0].event
        assert isinstance(received, Received)
        assert received.words is not None
        papers = vault.open_many(conn, [received.words.paper])
    assert read(papers, received.words, Words) == Words(
        'They said "wait".\nI waited; a month — 月.', subject="Loan servicing, payments"
    )


def test_refused_rows_are_named_with_their_reason(store: Store, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "Complaint ID,Date received,State\n"
        "1,2015-03-19,TX\n2,,TX\n3,2015-03-19,TX,more\n1,2015-03-20,CA\n,2015-03-19,CA\n"
    )

    report = bring_in(store, tmp_path / "a.csv")

    assert report.refused == [
        RefusedRow(3, "it does not say when the complaint was received"),
        RefusedRow(4, "it has 4 cells, the first row has 3"),
        RefusedRow(5, "its id '1' stands in an earlier row of this file as well"),
    ]
    assert (report.read, report.imported, report.flagged) == (5, 2, {"no_id": 1})


def test_a_dry_run_says_what_would_happen_and_writes_nothing(store: Store, tmp_path: Path) -> None:
    bring_in(store, many(tmp_path / "few.csv", 10))
    head = store.head()

    report = bring_in(store, many(tmp_path / "more.csv", 1_500), dry_run=True)

    assert (report.read, report.imported, report.already_there) == (1_500, 1_490, 10)
    assert store.head() == head


def test_a_limit_is_a_number_of_rows(store: Store, tmp_path: Path) -> None:
    path = many(tmp_path / "a.csv", 50)

    first = bring_in(store, path, limit=20)
    rest = bring_in(store, path)

    assert (first.read, first.imported) == (20, 20)
    assert (rest.read, rest.imported, rest.already_there) == (50, 30, 20)


def test_a_limit_does_not_change_what_a_date_means(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("received\n01/13/2026\n" + "02/03/2026\n" * 3 + "02/25/2026\n")

    some = bring_in(store, path, "generic", limit=2)
    whole = bring_in(store, path, "generic")

    assert some.date_format == whole.date_format == "%m/%d/%Y"
    assert (some.imported, whole.imported, whole.already_there) == (2, 3, 2)


def test_a_file_whose_dates_say_nothing_is_read_in_the_declared_order_and_it_is_said(
    store: Store, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("received\n02/03/2026\n")

    report = bring_in(store, tmp_path / "a.csv", "generic")

    assert report.date_format == "%d/%m/%Y"
    assert report.notes == (
        "No date in the file tells day from month; %d/%m/%Y was taken, as the mapping names it"
        " first.",
    )


def test_progress_comes_to_the_whole_file(store: Store, tmp_path: Path) -> None:
    path = many(tmp_path / "a.csv", 1_200)
    seen: list[Progress] = []

    bring_in(store, path, progress=seen.append)

    size = path.stat().st_size
    assert seen[-1] == Progress("importing", 1_200, 1_200, size, size)
    assert [p.step for p in seen[:2]] == ["looking", "looking"]
    assert all(p.bytes is not None and 0 < p.bytes <= size for p in seen)


def test_what_the_import_assumed_is_said(store: Store, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Complaint_ID;Date_received;Shoe size\n1;03/04/2023;44\n")
    rules = mapping.load("cfpb")

    report = bring_in(store, tmp_path / "a.csv")

    assert rules.dates.formats.index(report.date_format) == 1
    assert report.columns_left_out == ("Shoe size",)
    assert report.notes == ("Cells are separated by ;.",)


def test_a_file_of_something_else_is_refused_as_a_whole(store: Store, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,age\nLi,44\n")

    with pytest.raises(Unreadable, match="needs a column “Date received”"):
        bring_in(store, tmp_path / "a.csv")

    assert store.head() == 0


def test_an_import_that_was_killed_half_way_is_simply_repeated(
    store: Store, database: Database, tmp_path: Path
) -> None:
    path = many(tmp_path / "a.csv", 4_000)
    module = "tests.importing.killed_import"
    killed = subprocess.run(
        [sys.executable, "-m", module, database.url, str(path), "3500"], cwd=ROOT, check=False
    )
    before = complaints(store)

    report = bring_in(store, path)

    assert killed.returncode == -signal.SIGKILL
    assert 0 < before < 4_000
    assert (report.already_there, report.imported) == (before, 4_000 - before)
    assert complaints(store) == 4_000
    assert store.head() == 4_000 * 5


def test_two_imports_of_one_file_at_once_add_each_row_once(store: Store, tmp_path: Path) -> None:
    path = many(tmp_path / "a.csv", 4_000)

    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(lambda _: bring_in(store, path), range(2)))

    assert [r.imported + r.already_there for r in reports] == [4_000, 4_000]
    assert sum(r.imported for r in reports) == 4_000
    assert store.head() == 4_000 * 5


DIRT = st.text(
    st.characters(exclude_characters='"\r\n', exclude_categories=["Cs"]), max_size=60
).map(lambda text: text.encode("utf-8"))
BYTES = st.binary(max_size=60).map(lambda raw: raw.translate(None, b'"\r\n'))
GOOD = st.integers(0, 10_000).map(lambda n: f"{n},2015-03-19,Closed,".encode())


@given(lines=st.lists(DIRT | BYTES | GOOD, max_size=12))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_rows_hold_each_is_accounted_for(
    store: Store, tmp_path: Path, lines: list[bytes]
) -> None:
    header = b"Complaint ID,Date received,Company response to consumer,Consumer disputed?\n"
    (tmp_path / "a.csv").write_bytes(header + b"\n".join(lines))

    report = bring_in(store, tmp_path / "a.csv")

    given_rows = sum(bool(line.strip(b",")) for line in lines)
    assert report.read == report.imported + report.already_there + len(report.refused)
    assert report.read == given_rows
    good = {line for line in lines if line.endswith(b",2015-03-19,Closed,")}
    assert report.imported + report.already_there >= len(good)


@given(raw=st.binary(max_size=400))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_file_holds_it_is_read_or_refused_as_a_whole(
    store: Store, tmp_path: Path, raw: bytes
) -> None:
    (tmp_path / "a.csv").write_bytes(b"received," + raw)

    with suppress(Unreadable):
        report = bring_in(store, tmp_path / "a.csv", "generic", dry_run=True)
        assert report.read == report.imported + report.already_there + len(report.refused)
