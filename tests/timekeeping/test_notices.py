"""Is each colleague whom a step names told once, and nobody else?"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from projections.deliveries import PROJECTION, Delivery, table
from projections.rebuild import check
from recovery.events import Queued, Received, complaint_stream, delivery_stream
from recovery.forgetter import Forgetter
from recovery.vault import WrittenLetter, read
from tests.cast import ANA, BO, DAY, HOUR, MINUTE, SUE
from tests.desks import MR_LEE
from tests.mail.conftest import PostOffice
from tests.mail.servers import MailServer, mail_server
from tests.timekeeping.conftest import NINE, Watch
from web.mail import caught

ONE = NINE + 4 * HOUR


@pytest.fixture
def post(watch: Watch) -> PostOffice:
    return PostOffice(watch.desk)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as found:
        yield found


def bos(watch: Watch) -> str:
    """A complaint that Bo took."""
    watch.people()
    reference = watch.receive()
    watch.desk.desk.assign(reference, by=BO, at=NINE + MINUTE, agent=BO)
    return reference


def late(watch: Watch) -> str:
    """The same with its promise to explain broken: he and Sue are owed a notice."""
    reference = bos(watch)
    watch.keep(ONE + MINUTE)
    return reference


def notices(watch: Watch) -> list[Delivery]:
    with watch.desk.store.database.engine.connect() as conn:
        found = conn.execute(
            table.select().where(table.c.kind == "notice").order_by(table.c.recipient)
        ).mappings()
        return [Delivery(**{name: row[name] for name in PROJECTION.columns}) for row in found]


def mail_to(server: MailServer, address: str) -> list[EmailMessage]:
    return [message for message in server.messages if address in message["To"]]


def text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def deactivate(watch: Watch, name: str) -> None:
    with watch.desk.store.database.connection() as conn:
        conn.execute("update desk.users set active = false where id = %s", (name,))


def test_a_step_owes_each_colleague_it_names_a_notice(watch: Watch) -> None:
    late(watch)

    found = notices(watch)

    assert [(row.recipient, row.state) for row in found] == [(BO, "owed"), (SUE, "owed")]
    assert len({row.delivery for row in found}) == 2


def test_the_notice_says_which_promise_and_what_to_do(
    watch: Watch, post: PostOffice, server: MailServer
) -> None:
    reference = late(watch)

    post.work(server.url, at=ONE + MINUTE)

    [to_bo], [to_sue] = mail_to(server, "bo@desk.test"), mail_to(server, "sue@desk.test")
    assert "“Explain” was due on Monday," in text(to_bo)
    assert "You have this complaint." in text(to_bo)
    assert "Bo has this complaint." in text(to_sue)
    assert f"https://desk.example/complaints/{reference[:5]}-{reference[5:]}" in text(to_sue)
    assert to_sue["Auto-Submitted"] == "auto-generated"
    assert [row.state for row in notices(watch)] == ["sent", "sent"]


def test_a_notice_stands_apart_from_the_letters_to_the_complainant(
    watch: Watch, post: PostOffice, server: MailServer
) -> None:
    late(watch)

    post.work(server.url, at=ONE + MINUTE)

    [letter] = mail_to(server, MR_LEE.email)
    for message in (*mail_to(server, "bo@desk.test"), *mail_to(server, "sue@desk.test")):
        assert message["In-Reply-To"] is None
        assert message["References"] is None
        assert message["Message-ID"] != letter["Message-ID"]
        for word in (MR_LEE.name, MR_LEE.email, "parcel"):
            assert word not in message.as_string()


def test_each_colleague_reads_it_in_their_own_language_and_zone(
    watch: Watch, post: PostOffice, server: MailServer
) -> None:
    watch.people()
    with watch.desk.store.database.connection() as conn:
        conn.execute(
            "update desk.users set language = 'zh', time_zone = 'Asia/Shanghai' where id = 'sue'"
        )
    watch.receive()
    watch.keep(ONE + MINUTE)

    post.work(server.url, at=ONE + MINUTE)

    [to_sue] = mail_to(server, "sue@desk.test")
    assert "“说明”应在 " in text(to_sue)
    assert "21:00 CST" in text(to_sue)
    assert "这件投诉还没有人处理。" in text(to_sue)
    assert [row.language for row in notices(watch)] == ["zh"]


def test_who_was_deactivated_meanwhile_gets_nothing(
    watch: Watch, post: PostOffice, server: MailServer
) -> None:
    late(watch)
    server.answers = ["250 OK", "451 later", "451 later"]  # the first is the complainant's
    post.work(server.url, at=ONE + MINUTE)
    deactivate(watch, "sue")

    post.work(server.url, at=ONE + HOUR)

    to_bo, to_sue = notices(watch)
    assert to_bo.state == "sent"
    assert (to_sue.state, to_sue.reason) == ("abandoned", "deactivated")
    assert mail_to(server, "sue@desk.test") == []


def test_colleagues_are_told_though_the_complainant_was_forgotten(
    watch: Watch, post: PostOffice, server: MailServer
) -> None:
    reference = late(watch)
    received = watch.desk.store.records(complaint_stream(reference))[0].event
    assert isinstance(received, Received)
    Forgetter(watch.desk.store, watch.desk.vault).forget(
        received.complainant, by=ANA, at=ONE + MINUTE, reason="asked"
    )

    post.work(server.url, at=ONE + MINUTE)

    assert [row.state for row in notices(watch)] == ["sent", "sent"]
    assert mail_to(server, MR_LEE.email) == []


def test_the_notice_is_kept_under_the_colleagues_own_key(watch: Watch, post: PostOffice) -> None:
    late(watch)
    post.work(None, at=ONE + MINUTE)

    desk = watch.desk
    with desk.store.database.connection() as conn:
        owners = conn.execute("select owner from desk.vault_keys where owner like 'user:%'")
        assert sorted(owners.fetchall()) == [(BO,), (SUE,)]
        for row in notices(watch):
            first = desk.store.records(delivery_stream(row.delivery))[0].event
            assert isinstance(first, Queued)
            opened = read(
                desk.vault.open_many(conn, [row.letter or ""]), first.letter, WrittenLetter
            )
            assert opened is not None
            assert opened.to == f"{row.recipient.removeprefix('user:')}@desk.test"


def test_a_second_notice_finds_the_key_of_the_first(watch: Watch, post: PostOffice) -> None:
    late(watch)
    watch.receive()
    watch.keep(ONE + MINUTE)

    while post.work(None, at=ONE + MINUTE):
        pass

    assert [row.state for row in notices(watch)] == ["sent"] * 3


def test_a_server_that_says_not_now_gets_the_same_notice_later(
    watch: Watch, post: PostOffice, server: MailServer
) -> None:
    late(watch)
    server.answers = ["451 later"] * 3
    post.work(server.url, at=ONE + MINUTE)
    waiting = {row.message_id for row in notices(watch)}

    post.work(server.url, at=ONE + HOUR)

    sent = {m["Message-ID"] for m in server.messages if "desk.test" in m["To"]}
    assert sent == waiting


def test_a_worker_that_was_killed_after_sending_leads_to_no_second_notice(
    watch: Watch, post: PostOffice, server: MailServer, database_url: str
) -> None:
    bos(watch)
    post.work(None)  # the letter of receipt; the notices are all that is left
    watch.keep(ONE + MINUTE)
    killed = [_kill(database_url, server.url) for _ in range(2)]
    with watch.desk.store.database.connection() as conn:
        conn.execute("update desk.leases set until = clock_timestamp()")

    post.work(server.url, at=ONE + MINUTE)

    assert killed == [-signal.SIGKILL] * 2
    assert len(server.messages) == 4  # each once more, for nobody knows that it had arrived
    assert len({m["Message-ID"] for m in server.messages}) == 2
    assert [row.state for row in notices(watch)] == ["sent", "sent"]


def _kill(database_url: str, url: str) -> int:
    return subprocess.run(
        [sys.executable, "-m", "tests.mail.killed_worker", database_url, url],
        cwd=Path(__file__).parents[2], timeout=60, check=False,
    ).returncode  # fmt: skip


def test_a_caught_notice_can_be_read_among_the_letters(watch: Watch, post: PostOffice) -> None:
    reference = late(watch)
    post.work(None, at=ONE + MINUTE)

    with watch.desk.store.database.engine.connect() as conn:
        found = caught.page(conn, watch.desk.vault, complaint=reference).letters

    assert sorted(letter.kind for letter in found) == ["notice", "notice", "received"]
    assert all(letter.letter for letter in found)


def test_a_rebuild_finds_the_same_deliveries(watch: Watch, post: PostOffice) -> None:
    late(watch)
    post.work(None, at=ONE + MINUTE)
    watch.keep(NINE + DAY)

    assert all(found.identical for found in check(watch.desk.engine))
