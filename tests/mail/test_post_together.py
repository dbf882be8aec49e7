"""Is each letter sent once by several workers, and the next after one that cannot be?"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from recovery.database import Database
from recovery.errors import StoreUnavailable
from recovery.events import Received, complaint_stream
from recovery.store import Store
from tests.cast import ANA, NINE
from tests.desks import MR_LEE, TestDesk
from tests.mail.conftest import SENDER, PostOffice
from tests.mail.letters import rows, topics
from tests.mail.servers import MailServer
from web.accounts import Accounts
from web.mail.post import Post
from web.mail.transport import Caught, transport_of
from web.runtime import Runtime
from web.settings import Settings


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
