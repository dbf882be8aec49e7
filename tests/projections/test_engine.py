"""Does every projection see every event once, whatever goes wrong?"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from msgspec.structs import replace as replace_fields

from projections import case, deliveries, queue, search
from projections.all import PROJECTIONS
from projections.engine import Engine
from projections.health import health, wait_for
from projections.rebuild import check, far_behind, rebuild
from projections.table import Given
from projections.views import COUNTED, counts, page, ticket
from recovery.delivery import delivery_id
from recovery.events import Acknowledged, PaperRef, Queued, Recorded, Sent, delivery_stream
from recovery.forgetter import Forgetter
from recovery.money import Money
from recovery.vault import Contact
from tests.cast import ANA, BO, COMPLAINANT, DAY, HOUR, NINE
from tests.desks import TestDesk

MS_GREEN = Contact(name="Ms Green", phone="01632 960001")


def read(desk: TestDesk) -> sa.Connection:
    return desk.store.database.engine.connect()


def a_busy_day(desk: TestDesk) -> str:
    """A complaint through most of what can happen; returns its reference."""
    d, reference = desk.desk, desk.receive(channel="letter", attributes={"region": "north"})
    d.assign(reference, by=ANA, at=NINE + HOUR, agent=ANA)
    d.acknowledge(reference, by=ANA, at=NINE + HOUR)
    d.add_note(reference, by=BO, at=NINE + HOUR, text="Called the depot.")
    d.pause(reference, by=ANA, at=NINE + 2 * HOUR, reason="complainant", words="Asked for photo")
    d.receive_message(reference, by=COMPLAINANT, at=NINE + DAY, text="Here it is.", channel="email")
    d.classify(reference, by=ANA, at=NINE + DAY, category="lost", severity="high")
    d.explain(reference, by=ANA, at=NINE + DAY, outcome="upheld", message="We lost it. Sorry.")
    d.compensate(
        reference, by=ANA, at=NINE + DAY, kind="redress", money=Money.parse("25", "GBP")
    )  # fmt: skip
    d.close(reference, by=ANA, at=NINE + 2 * DAY, outcome="upheld")
    a_letter_leaves(desk, reference)
    return reference


def a_letter_leaves(desk: TestDesk, reference: str) -> None:
    """What the post records of the first letter."""
    stream = delivery_stream(delivery_id(reference, 1))
    common: dict[str, Any] = {"at": NINE, "by": "system:post", "complaint": reference}
    queued = Queued(
        **common, act=1, kind="received", language="en", letter=PaperRef("p", "d"),
        message_id="<1@desk.example>",
    )  # fmt: skip
    sent = Sent(**common, transport="smtp")
    desk.store.append([Recorded(stream, 1, queued), Recorded(stream, 2, sent)])


def test_a_ticket_tells_where_the_complaint_stands(desk: TestDesk) -> None:
    reference = a_busy_day(desk)

    desk.engine.catch_up()

    with read(desk) as conn:
        found = ticket(conn, reference)
        entries = case.timeline(conn, reference)
    assert found is not None
    assert (found.stage, found.open, found.outcome) == ("closed", False, "upheld")
    assert (found.category, found.severity, found.assignee) == ("lost", "high", ANA)
    assert (found.acknowledged_at, found.closed_at) == (NINE + HOUR, NINE + 2 * DAY)
    assert {c.name: c.met for c in found.clocks} == {
        "acknowledge": True, "explain": True, "resolve": True,
    }  # fmt: skip
    assert [e.topic.partition(".")[2] for e in entries] == [
        "received", "assigned", "acknowledged", "note_added", "paused", "message_received",
        "classified", "explained", "compensated", "closed", "queued", "sent",
    ]  # fmt: skip
    assert isinstance(entries[2].event, Acknowledged)


def test_every_act_towards_the_complainant_owes_a_letter(desk: TestDesk) -> None:
    a_busy_day(desk)
    desk.engine.catch_up()

    with read(desk) as conn:
        owed = deliveries.to_do(conn, now=NINE + 3 * DAY)

    assert [d.kind for d in owed] == [  # the letter of receipt has left
        "acknowledged", "explained", "compensated", "closed",
    ]  # fmt: skip


PAPERS_OF_PEOPLE = "select count(*) from desk.papers where owner not like 'policy-%'"
UNTOUCHED = frozenset({
    "payouts", "ledger", "precedents", "payees", "claims", "batches", "batched", "payments",
    "answers", "statements", "areas", "audits", "standing", "quality", "mentions", "refusals",
    "concerned",
})  # fmt: skip
"""Nothing was owed, claimed, audited or reviewed on this day, and nobody was called."""


def test_rebuilt_rows_are_the_live_rows_to_the_byte(desk: TestDesk) -> None:
    for _ in range(3):
        a_busy_day(desk)
        desk.engine.catch_up(limit=3)  # many small batches live, one large one rebuilt

    for comparison in check(desk.engine):
        assert comparison.identical, comparison
        assert comparison.live_rows > 0 or comparison.name in UNTOUCHED


def test_a_check_names_the_row_that_was_changed_behind_our_backs(desk: TestDesk) -> None:
    reference = a_busy_day(desk)
    desk.engine.catch_up()
    with desk.store.database.connection() as conn:
        conn.execute("update read.queue set severity = 'low' where reference = %s", (reference,))

    [found] = check(desk.engine, ["queue"])

    assert not found.identical
    assert found.first_differences == (reference,)


def test_a_rebuild_mends_the_rows_and_tells_how_far_it_is(desk: TestDesk) -> None:
    a_busy_day(desk)
    desk.engine.catch_up()
    with desk.store.database.connection() as conn:
        conn.execute("delete from read.queue")
    told: list[tuple[int, int]] = []

    rebuild(desk.engine, progress=lambda done, total: told.append((done, total)))

    assert all(c.identical for c in check(desk.engine))
    assert told[-1][1] == desk.store.head()
    with read(desk) as conn:
        assert page(conn, "closed", now=NINE).lines


def test_two_workers_apply_every_event_once(desk: TestDesk) -> None:
    other = Engine(desk.store.database, desk.vault, desk.policies, PROJECTIONS)
    stopping = threading.Event()

    def work(engine: Engine) -> None:
        while not stopping.is_set():
            engine.catch_up(limit=4)

    threads = [threading.Thread(target=work, args=(e,)) for e in (desk.engine, other)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        a_busy_day(desk)
    stopping.set()
    for thread in threads:
        thread.join()
    desk.engine.catch_up()

    with read(desk) as conn:
        appended = conn.execute(sa.select(sa.func.count()).select_from(case.table)).scalar_one()
    assert appended == 5 * 2  # a letter of each day was queued and sent
    assert all(c.identical for c in check(desk.engine))


def test_a_projection_stops_loudly_at_what_it_cannot_fold_and_the_others_go_on(
    desk: TestDesk,
) -> None:
    def fold(
        rows: tuple[queue.Ticket, ...], record: Recorded, given: Given
    ) -> tuple[queue.Ticket, ...]:
        if isinstance(record.event, Acknowledged):
            raise ValueError("a surprise")
        return queue.fold(rows, record, given)

    broken = replace(queue.PROJECTION, fold=fold)
    engine = Engine(desk.store.database, desk.vault, desk.policies, [broken, case.PROJECTION])
    reference = a_busy_day(desk)

    engine.catch_up()

    with read(desk) as conn:
        places = {h.name: h for h in health(conn)}
        found = ticket(conn, reference)
    assert places["queue"].stopped_topic == "complaint.acknowledged"
    assert places["queue"].stopped_reason == "ValueError: a surprise"
    assert places["queue"].position == 4  # policy, complainant, received, assigned
    assert found is not None
    assert (found.stage, found.assignee) == ("received", ANA)
    assert places["case"].lag == 0

    with desk.store.database.connection() as conn:
        Engine.retry_stopped(conn)
    desk.engine.catch_up()
    assert all(c.identical for c in check(desk.engine))


@pytest.mark.parametrize(
    ("impossible", "reason"),
    [
        ({"version": 2**31}, "NumericValueOutOfRange (22003)"),
        ({"category": "Mr Lee\0"}, "UntranslatableCharacter (22P05)"),
        ({"stage": None}, "NotNullViolation (23502)"),
    ],
    ids=["too large", "not text", "missing"],
)
def test_a_projection_whose_rows_the_database_does_not_take_stops_alone(
    desk: TestDesk, impossible: dict[str, Any], reason: str
) -> None:
    def fold(
        rows: tuple[queue.Ticket, ...], record: Recorded, given: Given
    ) -> tuple[queue.Ticket, ...]:
        folded = queue.fold(rows, record, given)
        if isinstance(record.event, Acknowledged):
            return tuple(replace_fields(row, **impossible) for row in folded)
        return folded

    broken = replace(queue.PROJECTION, fold=fold, settle=lambda rows, _: rows)
    engine = Engine(desk.store.database, desk.vault, desk.policies, [broken, case.PROJECTION])
    reference = desk.receive()
    desk.desk.assign(reference, by=ANA, at=NINE + HOUR, agent=ANA)
    desk.desk.acknowledge(reference, by=ANA, at=NINE + HOUR)
    desk.receive(at=NINE + HOUR)

    engine.catch_up()

    with read(desk) as conn:
        places = {h.name: h for h in health(conn)}
        found = ticket(conn, reference)
    assert (places["queue"].stopped_topic, places["queue"].stopped_reason) == (
        "complaint.acknowledged", reason,
    )  # fmt: skip
    assert places["queue"].position == 4  # policy, complainant, received, assigned
    assert found is not None
    assert (found.stage, found.assignee) == ("received", ANA)
    assert places["case"].lag == 0


def test_the_reason_of_a_stop_repeats_nobodys_words(desk: TestDesk) -> None:
    def fold(
        rows: tuple[search.Found, ...], record: Recorded, given: Given
    ) -> tuple[search.Found, ...]:
        raise ValueError(f"cannot be cut into words: {given.papers}")

    broken = replace(search.PROJECTION, fold=fold)
    engine = Engine(desk.store.database, desk.vault, desk.policies, [broken])
    desk.receive()

    engine.catch_up()

    with read(desk) as conn:
        places = {h.name: h for h in health(conn)}
    assert places["search"].stopped_reason == "ValueError"


def test_an_altered_paper_stops_the_projection_that_reads_it(desk: TestDesk) -> None:
    desk.receive()
    with desk.store.database.connection() as conn:
        conn.execute(
            "update desk.papers set sealed = set_byte(sealed, 20, 255 - get_byte(sealed, 20))"
        )

    desk.engine.catch_up()

    with read(desk) as conn:
        places = {h.name: h for h in health(conn)}
    assert "was altered in the database" in str(places["search"].stopped_reason)
    assert {name for name, h in places.items() if h.stopped_reason} == {"search"}


def test_an_event_of_a_newer_version_stops_the_reader_at_it(desk: TestDesk) -> None:
    desk.receive()
    with desk.store.database.connection() as conn:
        conn.execute("update desk.events set topic = topic || '@9' where notification_id = 3")

    desk.engine.catch_up()

    with read(desk) as conn:
        places = health(conn)
    assert {h.position for h in places} == {2}
    assert all("newer version" in str(h.stopped_reason) for h in places)


def test_following_shows_a_command_within_moments(desk: TestDesk) -> None:
    stopping = threading.Event()
    worker = threading.Thread(target=desk.engine.follow, args=(stopping,))
    worker.start()
    try:
        reference = desk.receive()
        with read(desk) as conn:
            assert wait_for(conn, desk.store.head(), timeout=10)
            assert ticket(conn, reference) is not None
    finally:
        stopping.set()
        worker.join(timeout=10)
    assert not worker.is_alive()


def test_a_worker_whose_connection_is_cut_says_so_and_nothing_is_lost(desk: TestDesk) -> None:
    failures: list[BaseException] = []
    ready = threading.Event()

    def work() -> None:
        ready.set()
        try:
            desk.engine.follow(threading.Event())
        except psycopg.OperationalError as error:
            failures.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    ready.wait()
    with desk.store.database.dedicated() as conn:
        while not conn.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where query ilike 'listen%%' and pid <> pg_backend_pid()"
            " and datname = current_database()"
        ).fetchall():
            pass
    worker.join(timeout=10)

    assert failures
    a_busy_day(desk)
    desk.engine.catch_up()
    assert all(c.identical for c in check(desk.engine))


def test_views_hold_what_they_say_and_their_counts_agree(desk: TestDesk) -> None:
    mine, theirs, waiting = (desk.receive(at=NINE + n * HOUR) for n in range(3))
    desk.desk.assign(mine, by=ANA, at=NINE + 4 * HOUR, agent=ANA)
    desk.desk.assign(theirs, by=BO, at=NINE + 4 * HOUR, agent=BO)
    desk.desk.pause(waiting, by=ANA, at=NINE + 4 * HOUR, reason="complainant")
    a_busy_day(desk)
    desk.engine.catch_up()

    with read(desk) as conn:
        shown = {
            view: [line.reference for line in page(conn, view, now=NINE + 5 * DAY, me=ANA).lines]
            for view in COUNTED
        }  # fmt: skip
        counted = counts(conn, now=NINE + 5 * DAY, me=ANA)

    assert shown["mine"] == [mine]
    assert shown["unassigned"] == shown["waiting"] == [waiting]
    assert shown["open"][:2] == [mine, theirs]
    assert {view: len(found) for view, found in shown.items()} | {
        "approvals": 0, "mail": 0, "mentions": 0,
    } == counted  # fmt: skip


def test_pages_follow_each_other_without_gaps(desk: TestDesk) -> None:
    everything = {desk.receive(at=NINE + n * HOUR) for n in range(7)}
    desk.engine.catch_up()
    seen: list[str] = []
    cursor: str | None = ""

    with read(desk) as conn:
        while cursor is not None:
            found = page(conn, "open", now=NINE, cursor=cursor, limit=3)
            seen += [line.reference for line in found.lines]
            cursor = found.cursor

    assert len(seen) == 7
    assert set(seen) == everything


@pytest.mark.parametrize(
    "typed", ["parcel", "PARC", "lee", "Mr Lee", "lee@example.org", "lost parsel", "7946"]
)
def test_a_complaint_is_found_by_what_people_remember(desk: TestDesk, typed: str) -> None:
    reference = desk.receive()
    desk.receive(description="The bill is wrong.", subject="Bill", contact=MS_GREEN)
    desk.engine.catch_up()

    with read(desk) as conn:
        found = page(conn, "all", now=NINE, text=typed).lines

    assert [line.reference for line in found] == [reference]


def test_chinese_words_are_found(desk: TestDesk) -> None:
    reference = desk.receive(description="我的包裹一直没有送到。", subject="包裹丢失")
    desk.receive(description="账单多收了钱。", subject="账单")
    desk.engine.catch_up()

    with read(desk) as conn:
        found = page(conn, "all", now=NINE, text="没有送到").lines

    assert [line.reference for line in found] == [reference]


def test_forgetting_scrubs_the_search_and_leaves_the_figures(desk: TestDesk) -> None:
    reference = a_busy_day(desk)
    desk.engine.catch_up()
    with read(desk) as conn:
        before = ticket(conn, reference)
    assert before is not None

    Forgetter(desk.store, desk.vault).forget(
        before.complainant, by=ANA, at=NINE + 3 * DAY, reason="asked"
    )
    desk.engine.catch_up()

    with read(desk) as conn:
        assert page(conn, "all", now=NINE, text="parcel").lines == []
        assert ticket(conn, reference) == before
    with desk.store.database.connection() as conn:
        assert desk.vault.open_many(conn, [str(before.words), str(before.contact)]) == {}
        left = conn.execute(PAPERS_OF_PEOPLE).fetchone()
    assert left == (0,)
    assert all(c.identical for c in check(desk.engine))


def test_only_a_long_way_behind_is_worth_a_rebuild(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.rebuild.WORTH_REBUILDING", 10)
    a_busy_day(desk)
    assert far_behind(desk.engine)

    desk.engine.catch_up()
    assert not far_behind(desk.engine)


def test_a_rebuild_in_two_processes_gives_the_same_rows(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.bulkfold.WORTH_A_PROCESS", 10)
    a_busy_day(desk)
    desk.engine.catch_up()

    rebuild(desk.engine)

    monkeypatch.undo()
    assert all(c.identical for c in check(desk.engine))
