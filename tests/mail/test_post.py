"""Does each letter reach its complainant, once, whatever happens on the way?"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from projections.deliveries import PROJECTION, Delivery, table
from recovery.database import Database
from recovery.errors import StoreUnavailable
from recovery.events import Received, complaint_stream, delivery_stream
from recovery.forgetter import Forgetter
from recovery.money import Money
from recovery.store import Store
from recovery.vault import Contact
from tests.cast import ANA, DAY, HOUR, MINUTE, NINE
from tests.desks import MR_LEE, TestDesk
from tests.mail.conftest import SENDER, PostOffice
from tests.mail.servers import MailServer
from web.accounts import Accounts
from web.mail.post import BACK_OFF, PATIENCE, Post
from web.mail.transport import Caught, transport_of
from web.runtime import Runtime
from web.settings import Settings

NOWHERE = "smtp://127.0.0.1:9"
"""The discard port: nobody listens."""


def rows(desk: TestDesk) -> list[Delivery]:
    with desk.store.database.engine.connect() as conn:
        found = conn.execute(table.select().order_by(table.c.act)).mappings()
        return [Delivery(**{name: row[name] for name in PROJECTION.columns}) for row in found]


def topics(desk: TestDesk, delivery: str) -> list[str]:
    return [record.event.topic for record in desk.store.records(delivery_stream(delivery))]


def settle(desk: TestDesk, reference: str) -> None:
    """Everything Ana does for Mr Lee, an hour each."""
    act, told = desk.desk, "We found your parcel."
    act.acknowledge(reference, by=ANA, at=NINE + HOUR, message=told)
    act.explain(reference, by=ANA, at=NINE + 2 * HOUR, outcome="upheld", message=told)
    act.compensate(
        reference, by=ANA, at=NINE + 3 * HOUR, kind="redress", money=Money(Decimal("25.00"), "GBP"),
    )  # fmt: skip
    act.close(reference, by=ANA, at=NINE + 4 * HOUR, outcome="upheld")


# ---------------------------------------------------------------- it arrives


def test_the_letter_arrives_in_both_forms_with_its_headers(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    desk.receive()

    post.work(server.url)

    [message] = server.messages
    [row] = rows(desk)
    assert server.recipients == ["lee@example.org"]
    assert message["From"] == "Northwind Parcels <complaints@desk.example>"
    assert message["To"] == "Mr Lee <lee@example.org>"
    assert message["Message-ID"] == row.message_id == f"<{row.delivery}@desk.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert message["In-Reply-To"] is None
    assert message["Date"].datetime == NINE
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert text.get_content().startswith("Dear Mr Lee,")
    assert html.get_content_type() == "text/html"
    assert "Dear Mr Lee," in html.get_content()
    assert (row.state, row.transport, row.attempts) == ("sent", "smtp", 1)


def test_the_promises_in_the_letter_are_those_of_the_policy(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    desk.receive()

    post.work(server.url)

    text = server.messages[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "By Monday, 2 March 2026: one of us has read your complaint" in text
    assert "By Monday, 9 March 2026: we tell you what went wrong" in text
    assert "By Monday, 16 March 2026: your complaint is settled." in text


def test_the_five_letters_of_a_complaint_hold_together_as_one_thread(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    reference = desk.receive()
    settle(desk, reference)

    post.work(server.url)

    first, *others = server.messages
    assert [row.kind for row in rows(desk)] == [
        "received", "acknowledged", "explained", "compensated", "closed",
    ]  # fmt: skip
    assert len(server.messages) == len({m["Message-ID"] for m in server.messages}) == 5
    assert {m["References"] for m in others} == {first["Message-ID"]}
    assert {m["Auto-Submitted"] for m in others} == {None}
    assert "£25.00" in others[2].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert len(server.sessions) == 1


def test_a_chinese_speaker_is_written_to_in_chinese(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    desk.receive(language="zh", contact=Contact(name="李伟", email="li@example.org"))

    post.work(server.url)

    [message] = server.messages
    assert message["Subject"].startswith("我们已收到您的投诉")
    assert message["To"].addresses[0].display_name == "李伟"
    text = message.get_body(("plain",))
    assert text is not None
    assert "李伟，您好！" in text.get_content()
    assert all(ord(c) < 128 for c in text.as_string())


def test_without_a_mail_server_letters_are_caught(desk: TestDesk, post: PostOffice) -> None:
    desk.receive()

    assert post.work(None) == 1

    [row] = rows(desk)
    assert (row.state, row.transport, row.sent_at) == ("sent", "caught", NINE)


def test_what_was_sent_is_never_sent_again(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    desk.receive()
    post.work(server.url)

    assert post.work(server.url, at=NINE + DAY) == 0
    assert len(server.messages) == 1


def test_a_projection_that_lags_makes_no_second_letter(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    desk.receive()
    desk.engine.catch_up()
    worker = post.worker(transport_of(server.url, helo="desk.example"))
    worker.step()

    assert worker.step() == 0
    assert len(server.messages) == 1


# ---------------------------------------------------------------- it does not


def test_a_server_that_says_not_now_gets_the_same_letter_later(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    desk.receive()
    server.answers = ["451 4.7.1 greylisted"]
    post.work(server.url)
    [deferred] = rows(desk)
    too_early = post.work(server.url, at=NINE + MINUTE / 2)

    post.work(server.url, at=NINE + MINUTE)

    [row] = rows(desk)
    assert (deferred.state, deferred.reason) == ("deferred", "smtp_451")
    assert deferred.retry_at == NINE + MINUTE
    assert too_early == 0
    assert row.state == "sent"
    assert row.attempts == 2
    assert [m["Message-ID"] for m in server.messages] == [deferred.message_id]


def test_a_server_that_does_not_know_the_address_bounces_the_letter(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    desk.receive()
    server.recipient_answers = ["550 5.1.1 lee@example.org is unknown"]

    post.work(server.url)

    [row] = rows(desk)
    assert (row.state, row.reason) == ("bounced", "smtp_550")
    assert topics(desk, row.delivery) == ["delivery.queued", "delivery.bounced"]
    assert post.work(server.url, at=NINE + DAY) == 0


def test_while_the_server_is_down_letters_wait_longer_each_time(
    desk: TestDesk, post: PostOffice
) -> None:
    desk.receive()
    waits, now = [], NINE
    for _ in range(len(BACK_OFF) + 1):
        post.work(NOWHERE, at=now)
        [row] = rows(desk)
        assert row.retry_at is not None
        waits.append(row.retry_at - now)
        now = row.retry_at

    assert waits == [*BACK_OFF, BACK_OFF[-1]]
    assert (row.state, row.reason) == ("deferred", "unreachable")


def test_after_three_days_the_letter_is_given_up(desk: TestDesk, post: PostOffice) -> None:
    desk.receive()
    post.work(NOWHERE)

    post.work(NOWHERE, at=NINE + PATIENCE)

    [row] = rows(desk)
    assert (row.state, row.reason, row.retry_at) == ("abandoned", "unreachable", None)


def test_somebody_without_an_address_has_to_be_reached_another_way(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    desk.receive(contact=Contact(name="Mr Lee", phone="+44 20 7946 0000"))

    post.work(server.url)

    [row] = rows(desk)
    assert (row.state, row.reason) == ("abandoned", "no_address")
    assert topics(desk, row.delivery) == ["delivery.abandoned"]


def test_who_was_forgotten_meanwhile_gets_no_letter(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    reference = desk.receive()
    server.answers = ["451 later"]
    post.work(server.url)
    desk.desk.acknowledge(reference, by=ANA, at=NINE + MINUTE)
    received = desk.store.records(complaint_stream(reference))[0].event
    assert isinstance(received, Received)
    Forgetter(desk.store, desk.vault).forget(
        received.complainant, by=ANA, at=NINE + MINUTE, reason="asked"
    )

    post.work(server.url, at=NINE + HOUR)

    assert {(row.state, row.reason) for row in rows(desk)} == {("abandoned", "forgotten")}
    assert server.messages == []


# ---------------------------------------------------------------- several at once, and none


def test_two_workers_at_once_send_each_letter_once(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    for _ in range(12):
        desk.receive()
    desk.engine.catch_up()
    start = threading.Barrier(3)
    done: list[int] = []

    def work() -> None:
        worker = post.worker(transport_of(server.url, helo="desk.example"))
        start.wait()
        done.append(worker.step())

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sum(done) == 12
    assert len(server.messages) == len({m["Message-ID"] for m in server.messages}) == 12


def test_a_letter_under_anothers_lease_is_left_alone(desk: TestDesk, post: PostOffice) -> None:
    desk.receive()
    desk.engine.catch_up()
    [row] = rows(desk)
    with desk.store.database.connection() as conn:
        conn.execute(
            "insert into desk.leases values (%s, 'bo', clock_timestamp() + interval '1 hour')",
            (f"delivery:{row.delivery}",),
        )

    assert post.worker(Caught()).step() == 0
    assert topics(desk, row.delivery) == []


def test_a_worker_killed_after_sending_leads_to_the_same_message_once_more(
    desk: TestDesk, post: PostOffice, server: MailServer, database_url: str
) -> None:
    desk.receive()
    desk.engine.catch_up()
    killed = subprocess.run(
        [sys.executable, "-m", "tests.mail.killed_worker", database_url, server.url],
        cwd=Path(__file__).parents[2], timeout=60, check=False,
    )  # fmt: skip
    desk.engine.catch_up()
    while_leased = post.work(server.url)
    with desk.store.database.connection() as conn:
        conn.execute("update desk.leases set until = clock_timestamp()")

    post.work(server.url)

    assert killed.returncode == -signal.SIGKILL
    assert while_leased == 0
    first, second = server.messages
    assert first["Message-ID"] == second["Message-ID"]
    assert first.get_body(("plain",)).get_content() == (  # type: ignore[union-attr]
        second.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    )
    [row] = rows(desk)
    assert topics(desk, row.delivery) == ["delivery.queued", "delivery.sent"]


def test_no_personal_word_is_in_the_deliveries(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    desk.receive()
    server.recipient_answers = ["550 5.1.1 lee@example.org, Mr Lee, is unknown"]
    post.work(server.url)

    with desk.store.database.connection() as conn:
        stored = conn.execute("select convert_from(state, 'UTF8') from desk.events").fetchall()
        read = conn.execute("select d::text from read.deliveries d").fetchall()

    for (line,) in [*stored, *read]:
        assert MR_LEE.name not in line
        assert MR_LEE.email not in line


def test_a_bad_letter_does_not_stand_in_the_way_of_the_others(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    bad, good = desk.receive(), desk.receive()
    desk.engine.catch_up()
    with desk.store.database.connection() as conn:
        # Somebody altered a stored paper: opening it raises.
        received = desk.store.records(complaint_stream(bad))[0].event
        assert isinstance(received, Received)
        assert received.contact
        conn.execute(
            "update desk.papers set sealed = sealed || '\\x00' where paper = %s",
            (received.contact.paper,),
        )

    done = post.work(server.url)

    assert done == 1
    assert {row.complaint: row.state for row in rows(desk)} == {bad: "owed", good: "sent"}
    assert post.work(server.url) == 0


def test_a_worker_that_is_told_to_stop_leaves_the_rest_to_others(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    desk.receive()
    desk.engine.catch_up()
    stopping = threading.Event()
    stopping.set()

    done = post.worker(transport_of(server.url, helo="desk.example")).step(stopping=stopping)

    assert done == 0
    assert post.work(server.url) == 1


def test_a_worker_that_follows_sends_what_comes_and_ends_when_told(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    stopping, worker = threading.Event(), post.worker(transport_of(server.url, helo="x.example"))
    following = threading.Thread(target=worker.follow, args=(stopping,))
    following.start()
    desk.receive()
    desk.engine.catch_up()

    arrived = server.arrived.wait(10)
    stopping.set()
    following.join(10)

    assert arrived
    assert not following.is_alive()


def test_a_database_that_is_gone_is_said_in_a_sentence(desk: TestDesk, post: PostOffice) -> None:
    gone = Database("postgresql://127.0.0.1:9/nothing", size=1)
    worker = Post(
        store=Store(gone), vault=desk.vault, policies=desk.policies, sender=SENDER,
        accounts=Accounts(gone, b"s" * 32), zone=ZoneInfo("Europe/London"),
        base_url="https://desk.example", transport=Caught(), clock=lambda: NINE,
    )  # fmt: skip

    with pytest.raises(StoreUnavailable, match="letters wait"):
        worker.step()


def test_the_post_works_as_the_settings_say(
    database: Database, database_url: str, server: MailServer, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    settings = Settings(
        data=tmp_path, database_url=SecretStr(database_url), secret_key=SecretStr("s" * 32),
        master_key=SecretStr("6d" * 32), smtp_url=SecretStr(server.url),
        mail_from="desk@northwind.example", organisation="Northwind", time_zone="Asia/Shanghai",
    )  # fmt: skip
    runtime = Runtime(settings, database)
    runtime.prepare(now=NINE)
    runtime.desk.receive(by=ANA, at=NINE, description="Lost.", contact=MR_LEE)
    runtime.engine.catch_up()

    Post.of(runtime, clock=lambda: NINE).step()

    [message] = server.messages
    assert message["From"] == "Northwind <desk@northwind.example>"
    assert message["Message-ID"].endswith("@northwind.example>")
