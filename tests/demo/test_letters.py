"""Does the post carry out every letter the demonstration owes?"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from projections import deliveries
from tests.desks import TestDesk
from web.accounts import Accounts
from web.demo.load import load_demo
from web.mail import caught
from web.mail.caught import CaughtLetter
from web.mail.message import Sender
from web.mail.post import Post
from web.mail.transport import Caught

UNTIL = datetime(2026, 11, 18, 15, 20, tzinfo=UTC)


def test_every_letter_is_written_in_the_complainants_language_and_caught(desk: TestDesk) -> None:
    load_demo(
        desk.store, desk.vault, desk.policies, complaints=1_000, days=180, seed=1, until=UNTIL,
        secret=b"s" * 32,
    )  # fmt: skip
    desk.engine.catch_up()

    carry_out(desk)

    desk.engine.catch_up()
    letters = read_all(desk)
    assert {"received", "acknowledged", "explained", "compensated", "closed"} <= {
        letter.kind for letter in letters
    }
    assert {letter.language for letter in letters} == {"en", "zh"}
    for found in letters:
        assert found.letter
        chinese = any("\u4e00" <= c <= "\u9fff" for c in found.letter.subject)
        assert chinese is (found.language == "zh")
        assert found.letter.to.partition("@")[2] in ("example.org", "example.com", "example.net")
        assert "<script>" not in found.letter.html


def carry_out(desk: TestDesk) -> None:
    worker = Post(
        store=desk.store, vault=desk.vault, policies=desk.policies,
        accounts=Accounts(desk.store.database, b"s" * 32),
        sender=Sender.of("complaints@desk.example", "Tidewell"), zone=ZoneInfo("Europe/London"),
        base_url="https://desk.example", transport=Caught(), clock=lambda: UNTIL,
    )  # fmt: skip
    while worker.step():
        desk.engine.catch_up()


def read_all(desk: TestDesk) -> list[CaughtLetter]:
    """The caught letters, once it is sure that none is left over or went wrong."""
    table = deliveries.table
    with desk.store.database.engine.connect() as conn:
        states = set(conn.scalars(sa.select(table.c.state).distinct()))
        letters = caught.page(conn, desk.vault, limit=1_000).letters
    assert states == {"sent"}
    return letters
