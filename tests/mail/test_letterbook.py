"""Can supervisors write letters in words of their own, and can a letter never fail of it?"""

from __future__ import annotations

from typing import get_args

import pytest

from recovery import letterbook
from recovery.errors import Refused
from recovery.events import LetterKind, Queued, delivery_stream
from recovery.letterbook import Tongue
from tests.cast import NINE
from tests.desks import TestDesk
from tests.mail.conftest import PostOffice
from tests.mail.letters import rows
from tests.mail.servers import MailServer
from web.mail.letters import CONTEXT, write
from web.mail.own import FIELDS, BrokenTemplate, checked, shipped
from web.mail.samples import FACTS

SUE = "user:sue"
OWN = "{{ greeting }}\n\nSue wrote this herself.\n\n{{ desk }}"


def put(desk: TestDesk, text: str = OWN, *, seen: int = 0) -> int:
    return letterbook.write(
        desk.store, "received", "en", subject="Thank you ({{ reference }})", text=text, by=SUE,
        at=NINE, seen=seen,
    )  # fmt: skip


def text_of(server: MailServer) -> str:
    part = server.messages[-1].get_body(("plain",))
    assert part is not None
    found: str = part.get_content()
    return found


def test_letters_are_written_in_the_organisations_words_and_say_which(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    version = put(desk)
    desk.receive()

    post.work(server.url)

    assert "Sue wrote this herself." in text_of(server)
    assert server.messages[0]["Subject"].startswith("Thank you (")
    html = server.messages[0].get_body(("html",))
    assert html is not None
    assert "Sue wrote this herself." in html.get_content()
    [row] = rows(desk)
    queued = desk.store.records(delivery_stream(row.delivery))[0].event
    assert isinstance(queued, Queued)
    assert queued.template == version == 1


def test_what_we_ship_comes_back_and_later_versions_stay(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    put(desk)
    letterbook.revert(desk.store, "received", "en", version=0, by=SUE, at=NINE, seen=1)
    desk.receive()

    post.work(server.url)

    assert "Sue wrote this herself." not in text_of(server)
    book = letterbook.book(desk.store, "received", "en")
    assert (book.current, [each.version for each in book.versions], book.seen) == (0, [1], 2)


def test_two_supervisors_at_once_do_not_overwrite_each_other(desk: TestDesk) -> None:
    put(desk)

    with pytest.raises(Refused, match="Somebody else changed this meanwhile"):
        put(desk, "Something else.", seen=0)


@pytest.mark.parametrize("tongue", get_args(Tongue))
@pytest.mark.parametrize("kind", list(CONTEXT))
def test_what_we_ship_can_be_typed_and_says_the_same(kind: LetterKind, tongue: Tongue) -> None:
    subject, text = shipped(kind, tongue)
    checked(kind, subject, field="subject")
    checked(kind, text, field="text")

    as_shipped = write(kind, tongue, FACTS[tongue])
    typed = write(kind, tongue, FACTS[tongue], own=(subject, text))

    assert (typed.subject, typed.text) == (as_shipped.subject, as_shipped.text)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("Hello\n{{ name }}", 2, "“name” cannot be used here"),
        ("Hello\n\n{% if verdict %}", 3, "not closed"),
        ("{{ greeting.__class__ }}", 1, "“.__class__” cannot be used here"),
        ("{% for x in greeting %}{% endfor %}", 1, "cannot be used here"),
        ("a\n{{ 'a' * 999999999 }}", 2, "cannot be used here"),
        ("{% include 'x' %}", 1, "cannot be used here"),
        ("{% for p in promises %}{{ p.secret }}{% endfor %}", 1, "“.secret”"),
        ("{{ greeting | upper }}", 1, "cannot be used here"),
    ],
)
def test_a_broken_template_is_refused_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(BrokenTemplate, match=said) as refused:
        checked("explained", text, field="text")

    assert refused.value.line == line


def test_each_kind_knows_its_own_fields() -> None:
    assert "verdict" in FIELDS["explained"]
    assert "verdict" not in FIELDS["received"]


def test_pieces_of_text_are_kept_by_name(desk: TestDesk) -> None:
    def put_module(name: str, english: str) -> None:
        letterbook.write_module(desk.store, name=name, english=english, chinese="", by=SUE, at=NINE)

    put_module("sorry", "We are sorry.")
    put_module("sorry", "We are truly sorry.")
    put_module("thanks", "Thank you.")
    letterbook.drop_module(desk.store, name="thanks", by=SUE, at=NINE)

    assert [(each.name, each.english) for each in letterbook.modules(desk.store)] == [
        ("sorry", "We are truly sorry.")
    ]
