"""Is a colleague told that a note calls them, in both parts and languages, and is nothing else?"""

from __future__ import annotations

import msgspec
import pytest
import sqlalchemy as sa

from projections.deliveries import PROJECTION, Delivery, table
from recovery.staff import Staff
from tests.cast import ANA, BO, HOUR, NINE
from tests.desks import TestDesk
from tests.mail.conftest import SENDER, PostOffice
from tests.mail.letters import NOWHERE
from tests.mail.servers import MailServer
from tests.mail.test_letters import STYLES, Seen, used, words
from web.accounts import Accounts, User
from web.mail.calls import CONTEXT, letter
from web.mail.transport import transport_of
from web.mail.wording import WORDINGS, Tongue


@pytest.mark.parametrize("spoken", WORDINGS)
def test_it_says_who_calls_and_where(spoken: Tongue) -> None:
    bo = User("bo", "bo@desk.example", "Bo", "agent", spoken)

    found = letter("7GQ2M4XK9T", "Ana", bo, base_url="https://desk.example", organisation="Us")

    assert set().union(*(used(f"letters/{spoken}/call.{style}") for style in STYLES)) == CONTEXT
    assert words(Seen(found.html).text) == words(found.text)
    assert "https://desk.example/complaints/7GQ2M-4XK9T" in found.text
    assert "Ana" in found.subject


def test_a_note_that_calls_bo_owes_him_one_notice_without_its_words(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    accounts = Accounts(desk.store.database, b"x" * 32)
    for name in ("ana", "bo"):
        accounts.add_user(
            email=f"{name}@desk.test", name=name.title(), role="agent", id=name,
            password="correct horse",
        )  # fmt: skip
    reference = desk.receive()
    desk.desk.add_note(reference, by=ANA, at=NINE, text="He is deaf, @Bo.", mentions=(BO, BO, ANA))

    desk.engine.catch_up()
    signed = msgspec.structs.replace(SENDER, reply_key=b"k" * 32)
    post.worker(transport_of(server.url, helo="desk.example"), sender=signed).step()
    desk.engine.catch_up()

    [notice] = [message for message in server.messages if "bo@desk.test" in message["To"]]
    assert "Ana mentioned you in a note" in notice.as_string()
    assert "deaf" not in notice.as_string()
    assert notice["Reply-To"] is None
    with desk.store.database.engine.connect() as conn:
        rows = conn.execute(table.select().where(table.c.kind == "notice")).mappings()
        kept = [Delivery(**{name: row[name] for name in PROJECTION.columns}) for row in rows]
    assert [(row.recipient, row.state) for row in kept] == [(BO, "sent")]


@pytest.mark.parametrize("tried", [False, True], ids=["not written yet", "waits for the server"])
def test_nobody_is_written_to_about_a_complaint_about_them(
    desk: TestDesk, post: PostOffice, server: MailServer, tried: bool
) -> None:
    accounts = Accounts(desk.store.database, b"x" * 32)
    accounts.add_user(
        email="bo@desk.test", name="Bo", role="agent", id="bo", password="correct horse"
    )
    reference = desk.receive()
    desk.desk.add_note(reference, by=ANA, at=NINE, text="@Bo!", mentions=(BO,))
    if tried:
        post.work(NOWHERE)
    Staff(desk.store, desk.desk.vault).name(reference, staff=[BO], by=ANA, at=NINE)

    post.work(server.url, at=NINE + HOUR)

    assert not [message for message in server.messages if "bo@desk.test" in message["To"]]
    with desk.store.database.engine.connect() as conn:
        found = conn.execute(
            sa.select(table.c.state, table.c.reason).where(table.c.recipient == BO)
        ).all()
    assert [tuple(row) for row in found] == [("abandoned", "concerned")]
