"""Can everybody's letters be read where there is no mail server?"""

from __future__ import annotations

import pytest

from recovery.errors import Invalid, NotFound
from recovery.events import Received, complaint_stream
from recovery.forgetter import Forgetter
from tests.cast import ANA, HOUR, MINUTE, NINE
from tests.desks import TestDesk
from tests.mail.conftest import PostOffice
from tests.mail.servers import MailServer
from web.mail import caught
from web.mail.caught import CaughtLetter, Page


def page(desk: TestDesk, *, complaint: str = "", cursor: str = "", limit: int = 50) -> Page:
    with desk.store.database.engine.connect() as conn:
        return caught.page(conn, desk.vault, complaint=complaint, cursor=cursor, limit=limit)


def read(desk: TestDesk, delivery: str) -> CaughtLetter:
    with desk.store.database.engine.connect() as conn:
        return caught.read(conn, desk.vault, delivery)


def forget(desk: TestDesk, reference: str) -> None:
    received = desk.store.records(complaint_stream(reference))[0].event
    assert isinstance(received, Received)
    Forgetter(desk.store, desk.vault).forget(
        received.complainant, by=ANA, at=NINE + HOUR, reason="asked"
    )


def test_caught_letters_are_listed_newest_first(desk: TestDesk, post: PostOffice) -> None:
    reference = desk.receive(language="zh")
    post.work(None)
    desk.desk.acknowledge(reference, by=ANA, at=NINE + MINUTE)
    post.work(None, at=NINE + MINUTE)

    found = page(desk)

    assert [letter.kind for letter in found.letters] == ["acknowledged", "received"]
    assert found.cursor is None
    newest = found.letters[0]
    assert newest.letter is not None
    assert newest.letter.to == "lee@example.org"
    assert newest.letter.subject == f"Re: 我们已收到您的投诉（编号 {newest.reference}）"
    assert newest.sent_at == NINE + MINUTE


def test_pages_go_on_where_the_last_one_ended(desk: TestDesk, post: PostOffice) -> None:
    for _ in range(5):
        desk.receive()
    post.work(None)
    everything = [letter.delivery for letter in page(desk).letters]

    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        found = page(desk, cursor=cursor, limit=2)
        seen += [letter.delivery for letter in found.letters]
        cursor = found.cursor

    assert seen == everything
    assert len(seen) == 5


def test_the_letters_of_one_complaint_can_be_had_alone(desk: TestDesk, post: PostOffice) -> None:
    mine, _other = desk.receive(), desk.receive()
    post.work(None)

    assert [letter.complaint for letter in page(desk, complaint=mine).letters] == [mine]


def test_a_letter_can_be_read_as_it_was_written(desk: TestDesk, post: PostOffice) -> None:
    desk.receive()
    post.work(None)
    [listed] = page(desk).letters

    letter = read(desk, listed.delivery).letter

    assert letter == listed.letter
    assert letter is not None
    assert letter.text.startswith("Dear Mr Lee,")


def test_the_words_of_a_forgotten_complainant_are_gone(desk: TestDesk, post: PostOffice) -> None:
    reference = desk.receive()
    post.work(None)
    forget(desk, reference)

    [listed] = page(desk).letters

    assert listed.letter is None
    assert listed.complaint == reference


def test_letters_that_went_out_are_not_among_the_caught(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    desk.receive()
    post.work(server.url)

    assert page(desk).letters == []


@pytest.mark.parametrize("cursor", ["x", "2026-01-01", "2026-01-01/y", "\x00/\x00", "' or 1=1"])
def test_an_unknown_page_is_a_sentence(desk: TestDesk, cursor: str) -> None:
    with pytest.raises(Invalid, match="does not exist"):
        page(desk, cursor=cursor)


@pytest.mark.parametrize("delivery", ["", "x\x00", "5f0c9d1e-6a53-4c1b-9f0e-3f4b1c8a7d20"])
def test_an_unknown_letter_is_not_found(desk: TestDesk, delivery: str) -> None:
    with pytest.raises(NotFound):
        read(desk, delivery)
