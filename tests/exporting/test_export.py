"""Does everything go out, as it is or as it was, and nothing that is nobody's business?"""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as parquet
import pytest
from psycopg.errors import LockNotAvailable

from projections.past import Cut
from recovery.database import Database
from recovery.desk import reference_of
from recovery.errors import Refused
from recovery.events import MilestoneReached, Recorded, complaint_stream
from recovery.forgetter import Forgetter
from recovery.money import Money
from recovery.reference import show
from recovery.vault import Contact
from tests.cast import ANA, BO, DAY, HOUR, NINE, SUE
from tests.exporting.conftest import Tell, rows, taken
from web.exporting import run
from web.exporting.complaints import COLUMNS, WORDS
from web.exporting.run import TRACE
from web.runtime import Runtime

MR_LEE = Contact(name="Mr Lee", email="lee@example.org", phone="+44 20 7946 0000")


@pytest.fixture
def lost_parcel(runtime: Runtime) -> str:
    """The reference of a complaint of Mr Lee's."""
    done = runtime.desk.receive(
        by=ANA, at=NINE, contact=MR_LEE, subject="Lost parcel",
        description="=1+1 parcels, and none came.",
    )  # fmt: skip
    runtime.engine.catch_up()
    return reference_of(done)


def test_as_of_now_is_what_is(runtime: Runtime, tell: Tell) -> None:
    tell(runtime, 25)
    now = datetime.now(UTC)

    for what in ("complaints", "events", "payouts"):
        for cut in (Cut(true_at=now), Cut(known_at=now), Cut(now, now)):
            assert taken(runtime, what=what, cut=cut)[1] == taken(runtime, what=what)[1]


def test_a_complaint_is_told_as_it_was(runtime: Runtime, lost_parcel: str) -> None:
    runtime.desk.explain(
        lost_parcel, by=ANA, at=NINE + 2 * HOUR, outcome="upheld", message="It was next door."
    )
    runtime.desk.close(lost_parcel, by=ANA, at=NINE + DAY, outcome="upheld")
    runtime.engine.catch_up()

    [now] = rows(runtime, what="complaints")
    [then] = rows(runtime, what="complaints", cut=Cut(true_at=NINE + HOUR))

    assert (now["stage"], now["outcome"]) == ("closed", "upheld")
    assert (now["closed_at"], now["open"]) == ("2026-03-03T09:00:00Z", "false")
    assert (then["stage"], then["closed_at"], then["open"]) == ("received", "", "true")
    assert rows(runtime, what="complaints", cut=Cut(true_at=NINE - HOUR)) == []


def test_what_was_recorded_later_was_not_known(runtime: Runtime, lost_parcel: str) -> None:
    known = runtime.store.now()
    runtime.desk.acknowledge(lost_parcel, by=ANA, at=NINE)
    runtime.engine.catch_up()
    cut = Cut(known_at=known)

    [then] = rows(runtime, what="complaints", cut=cut)

    assert then["stage"] == "received"
    assert [row["type"] for row in rows(runtime, what="events")][-1] == "complaint.acknowledged"
    assert [row["type"] for row in rows(runtime, what="events", cut=cut)][-1] != (
        "complaint.acknowledged"
    )


def test_a_promise_that_was_due_is_broken_whoever_has_noticed(
    runtime: Runtime, lost_parcel: str
) -> None:
    def met(at: datetime) -> object:
        [row] = rows(runtime, what="complaints", cut=Cut(true_at=at))
        return json.loads(row["clocks"])[0]["met"]

    assert met(NINE + HOUR) is None
    assert met(NINE + DAY) is False


def test_an_undated_event_happened_with_the_one_before(runtime: Runtime, lost_parcel: str) -> None:
    undated = MilestoneReached(at=None, by="system:import", milestone="sent_to_company")
    runtime.store.append([Recorded(complaint_stream(lost_parcel), 2, undated)])

    def told(at: datetime) -> list[str]:
        found = rows(runtime, what="events", cut=Cut(true_at=at))
        return [r["type"] for r in found if r["stream"] == complaint_stream(lost_parcel)]

    assert told(NINE) == ["complaint.received", "complaint.milestone_reached"]
    assert told(NINE - HOUR) == []


# ---------------------------------------------------------------- words


def test_words_go_out_only_where_they_are_asked_for(runtime: Runtime, lost_parcel: str) -> None:
    for what in ("complaints", "events", "payouts"):
        for form in ("csv", "jsonl"):
            plain = taken(runtime, what=what, form=form)[1]
            assert b"Lee" not in plain
            assert b"none came" not in plain
    [row] = rows(runtime, what="complaints", words=True)

    assert [row["name"], row["email"], row["subject"]] == ["Mr Lee", MR_LEE.email, "Lost parcel"]
    assert (row["description"], row["phone"]) == (
        "'=1+1 parcels, and none came.", "'+44 20 7946 0000"
    )  # fmt: skip


def test_words_leave_a_trace_and_codes_none(
    runtime: Runtime, database: Database, lost_parcel: str
) -> None:
    def traces() -> list[tuple[str, str]]:
        with database.connection() as conn:
            return conn.execute("select kind, what from desk.readings").fetchall()

    rows(runtime, what="complaints")
    before = traces()
    rows(runtime, what="complaints", words=True)

    assert before == []
    assert traces() == [("export", TRACE)]


def test_who_was_forgotten_is_left_out(runtime: Runtime, lost_parcel: str) -> None:
    [before] = rows(runtime, what="complaints", words=True)
    Forgetter(runtime.store, runtime.vault).forget(
        before["complainant"], by=SUE, at=NINE + DAY, reason="asked"
    )
    runtime.engine.catch_up()

    for cut in (None, Cut(true_at=NINE + HOUR)):
        [after] = rows(runtime, what="complaints", words=True, cut=cut)
        assert {after[column.name] for column in WORDS} == {""}
        assert after["reference"] == show(lost_parcel)


def test_an_altered_paper_keeps_nobody_from_the_others(
    runtime: Runtime, database: Database, lost_parcel: str
) -> None:
    with database.connection() as conn:
        conn.execute(
            "update desk.papers set sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1)"
            " where paper = (select words from read.queue)"
        )

    done, _ = taken(runtime, what="complaints", words=True)
    [row] = rows(runtime, what="complaints", words=True)

    assert (done.rows, done.unreadable) == (1, 1)
    assert (row["name"], row["description"]) == ("Mr Lee", "")


# ---------------------------------------------------------------- money and forms


def test_money_is_told_beside_its_complaint_and_by_itself(
    runtime: Runtime, lost_parcel: str
) -> None:
    runtime.desk.acknowledge(lost_parcel, by=BO, at=NINE)
    runtime.desk.compensate(
        lost_parcel, by=BO, at=NINE + HOUR, kind="goodwill",
        money=Money.parse("12.50", "GBP"), reason="late",
    )  # fmt: skip
    runtime.engine.catch_up()

    [complaint] = rows(runtime, what="complaints")
    [payout] = rows(runtime, what="payouts")

    assert (complaint["amount"], complaint["currency"]) == ("12.50", "GBP")
    assert complaint["compensated_at"] == "2026-03-02T10:00:00Z"
    assert json.loads(complaint["payouts"])[0]["id"] == payout["id"]
    assert (payout["complaint"], payout["basis"]) == (show(lost_parcel), "goodwill")
    assert (payout["state"], payout["amount"], payout["paid"]) == ("approved", "12.50", "0")


def test_the_three_forms_tell_the_same(runtime: Runtime, tell: Tell) -> None:
    tell(runtime, 12)
    asked = {"what": "complaints", "words": True}

    flat = rows(runtime, **asked)
    lines = list(map(json.loads, taken(runtime, form="jsonl", **asked)[1].splitlines()))
    table = parquet.read_table(io.BytesIO(taken(runtime, form="parquet", **asked)[1]))

    assert table.column_names == list(flat[0]) == list(lines[0])
    assert table.column_names == [column.name for column in (*COLUMNS, *WORDS)]
    for one, other, third in zip(flat, lines, table.to_pylist(), strict=True):
        assert json.loads(one["clocks"]) == other["clocks"] == json.loads(third["clocks"])
        assert one["reference"] == other["reference"] == third["reference"]
        assert one["description"] == (other["description"] or "") == (third["description"] or "")
        assert one["received_at"] == other["received_at"]
        assert datetime.fromisoformat(one["received_at"]) == third["received_at"]
        assert one["amount"] == (other["amount"] or "")
        assert third["amount"] is None or third["amount"] == type(third["amount"])(one["amount"])


def test_an_export_of_nothing_has_its_columns(runtime: Runtime) -> None:
    table = parquet.read_table(io.BytesIO(taken(runtime, what="payouts", form="parquet")[1]))

    assert table.num_rows == 0
    assert "pay_by" in table.column_names


def test_what_newer_software_recorded_is_not_guessed_at(
    runtime: Runtime, database: Database, lost_parcel: str
) -> None:
    with database.dedicated() as conn:
        conn.execute("set session_replication_role to replica")  # the log lets nobody change it
        conn.execute(
            "update desk.events set topic = 'complaint.received@9' where originator_id = %s",
            (complaint_stream(lost_parcel),),
        )

    with pytest.raises(Refused, match="newer version of this software"):
        taken(runtime, what="complaints", cut=Cut(true_at=NINE + HOUR))
    assert rows(runtime, what="events")[-1]["schema"] == "9"


def test_no_rebuild_takes_the_rows_away_meanwhile(runtime: Runtime, database: Database) -> None:
    """Or they would seem to be none, as they were put there after the instant that is told."""
    with run._instant(runtime), database.dedicated() as other:
        other.execute("set lock_timeout to '20ms'")
        for table in ("queue", "payouts", "case"):
            with pytest.raises(LockNotAvailable):
                other.execute(f"drop table read.{table}")


def test_what_a_projection_has_not_seen_is_not_passed_over(
    runtime: Runtime, database: Database, tmp_path: Path
) -> None:
    with database.connection() as conn:
        conn.execute("update read.projections set stopped_reason = 'no' where name = 'queue'")

    with pytest.raises(Refused, match="The projection queue has stopped"):
        taken(runtime, what="complaints")
    assert taken(runtime, what="events")[0].rows > 0
