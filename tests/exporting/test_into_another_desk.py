"""Does another desk read in what one wrote, as the documents say?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from recovery.database import Database
from recovery.desk import reference_of
from recovery.events import Outcome
from recovery.money import Money
from recovery.reference import show
from recovery.vault import Contact
from tests import templates
from tests.cast import ANA, BO, DAY, HOUR, NINE
from tests.conftest import fresh_database
from tests.exporting.conftest import Tell, rows, taken
from web.exporting.formats import FORMATS
from web.importing import mapping as mappings
from web.importing.report import ImportReport
from web.importing.run import run_import
from web.runtime import Runtime

CARRIED = (
    "received_at", "channel", "language", "category", "product", "severity", "tier", "region",
    "branch", "stage", "open", "outcome", "acknowledged_at", "explained_at", "compensated_at",
    "closed_at", "withdrawn_at", "amount", "currency", "subject", "description", "name", "email",
    "phone", "address",
)  # fmt: skip


@pytest.fixture
def elsewhere(runtime: Runtime, server_url: str) -> Iterator[Runtime]:
    """Another desk."""
    with fresh_database(server_url, templates.DESK) as url:
        database = Database(url, size=4).open()
        other = Runtime(runtime.settings, database)
        other.prepare(now=NINE)
        yield other
        database.close()


def read_in(desk: Runtime, path: Path) -> ImportReport:
    report = run_import(
        store=desk.store, vault=desk.vault, secret=desk.reference_key, path=path,
        mapping=mappings.load("generic"), now=datetime.now(UTC),
    )  # fmt: skip
    desk.engine.catch_up()
    return report


def carried(desk: Runtime, key: str) -> dict[str, tuple[str, ...]]:
    """What is carried over of each complaint, by the reference that it had first."""
    return {
        row[key].removeprefix("generic:"): tuple(row[name] for name in CARRIED)
        for row in rows(desk, what="complaints", words=True)
    }


def test_what_one_desk_wrote_another_reads_in(
    runtime: Runtime, elsewhere: Runtime, tell: Tell, tmp_path: Path
) -> None:
    tell(runtime, 40)
    reports = []
    for form in ("parquet", "csv", "jsonl"):
        path = tmp_path / f"complaints.{form}"
        path.write_bytes(taken(runtime, what="complaints", form=form, words=True)[1])
        reports.append(read_in(elsewhere, path))

    assert [(r.read, r.imported, r.already_there) for r in reports] == [
        (40, 40, 0), (40, 0, 40), (40, 0, 40)
    ]  # fmt: skip
    assert {flag for r in reports for flag in r.flagged} <= {"midnight"}
    assert carried(elsewhere, "source") == carried(runtime, "reference")


def test_what_is_awkward_comes_over_too(
    runtime: Runtime, elsewhere: Runtime, tmp_path: Path
) -> None:  # fmt: skip
    for n, form in enumerate(FORMATS):
        reference = awkward(runtime, at=NINE + n * HOUR)
        path = tmp_path / form
        path.write_bytes(taken(runtime, what="complaints", form=form, words=True)[1])

        report = read_in(elsewhere, path)

        assert (report.imported, report.already_there, report.flagged) == (1, n, {})
        assert carried(elsewhere, "source") == carried(runtime, "reference")
        assert show(reference) in carried(elsewhere, "source")


def awkward(runtime: Runtime, *, at: datetime) -> str:
    """The reference of a complaint that is all that a complaint can be."""
    desk = runtime.desk
    lee = Contact(name="=李先生", email="lee@example.org", phone="+86 10 5555", address="@1\n2 St")
    done = desk.receive(
        by=ANA, at=at, contact=lee, subject="-1", description="'+快递\r\n\"没到\", ;\t='",
        language="zh-Hant", attributes={"region": "north", "odd": "=1"},
    )  # fmt: skip
    reference = reference_of(done)
    desk.compensate(
        reference, by=BO, at=at + HOUR, kind="goodwill", money=Money.parse("9.99", "GBP"),
        reason="late",
    )  # fmt: skip
    told: Outcome = "partly_upheld"
    desk.explain(reference, by=BO, at=at + DAY, outcome=told, message="Next door.")
    desk.close(reference, by=BO, at=at + DAY, outcome=told)
    desk.reopen(reference, by=BO, at=at + 2 * DAY, reason="new_facts")
    desk.withdraw(reference, by=BO, at=at + 3 * DAY)
    runtime.engine.catch_up()
    return reference
