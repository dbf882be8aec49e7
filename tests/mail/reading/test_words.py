"""Is what people wrote shown whole, safe and without what they only quote?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.reading.samples import read
from web.mail.reading import html
from web.mail.reading.language import guess
from web.mail.reading.passages import divide
from web.mail.reading.records import Language

HTML = "Content-Type: text/html; charset=utf-8"
ALTERNATIVE = "Content-Type: multipart/alternative; boundary=b"


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>", "<a href=' java\nscript:alert(1)'>x</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>x</a>", "<iframe src=//evil></iframe>",
        "<form action=//evil><input name=password></form>", "<style>@import '//evil'</style>",
        "<div style='background:url(//evil)'>x</div>", "<link rel=stylesheet href=//evil>",
        "<base href=//evil>", "<meta http-equiv=refresh content='0;url=//evil'>",
        "<x-b onclick=alert(1)>x</x-b>", "<b><x-script>alert(1)</x-script></b>",
        "<a title='\"><script>alert(1)</script>'>x</a>", "<math><mtext><script>alert(1)</script>",
        "<table background=//evil><tr><td>x</table>", "<img srcset='//evil 2x'>",
        "<img src=//evil/pixel.gif>", "<video src=//evil poster=//evil>", "<!--<script>-->x",
    ],
)  # fmt: skip
def test_nothing_that_runs_or_calls_home_is_left(source: str) -> None:
    shown = html.read(f"<p>before</p>{source}<p>after</p>").html.lower()
    assert "before" in shown
    for danger in ("<script", "onerror", "onload", "onclick", "javascript:", "evil", "style",
                   "<iframe", "<form", "<meta", "<link", "data:", "x-"):  # fmt: skip
        assert danger not in shown


def test_html_keeps_what_helps_to_read_it() -> None:
    shown = html.read(
        "<h2>Order</h2><p>My <b>red</b> kettle<br>broke <a href='https://shop.example/o?a=1&amp;b=2'>"
        "here</a><img src='cid:p1' alt='photo'><ul><li>one<li>two</ul><table><tr><td>a<td>b</table>"
    )
    assert shown.html == (
        "<h2>Order</h2><p>My <b>red</b> kettle<br>broke "
        '<a href="https://shop.example/o?a=1&amp;b=2" rel="noopener noreferrer nofollow">here</a>'
        '<img src="cid:p1" alt="photo"></p><ul><li>one</li><li>two</li></ul>'
        "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table><p></p>"
    )
    assert shown.text == (
        "Order\n\nMy red kettle\nbroke here <https://shop.example/o?a=1&b=2>[photo]\n\n"
        "- one\n- two\n\na  b"
    )


def test_pictures_elsewhere_are_counted_and_described() -> None:
    got = read(HTML, body="<img src='https://t.example/1.gif' alt='Our logo'>Hi<img src=//t/2>")
    assert (got.words.images_left_out, got.words.plain) == (2, "[Our logo]Hi")


def test_quotations_are_marked_as_in_plain_mail() -> None:
    body = "Yes<blockquote>Really?<blockquote>No</blockquote></blockquote>Thanks"
    lines = [line for line in html.read(body).text.split("\n") if line.strip("> ")]
    assert lines == ["Yes", "> Really?", "> > No", "Thanks"]
    assert read(HTML, body=body).words.reply == "Yes\n\nThanks"


def test_an_unclosed_style_loses_no_words() -> None:
    assert "my kettle" in html.read("<style>p {} <p>my kettle").text


@given(st.text(alphabet="<>/!-abp divscrt=\"'&; \n", max_size=300))
def test_any_markup_is_read_twice_alike(source: str) -> None:
    once = html.read(source).html
    assert html.read(once).html == once or "<" in source
    assert "<script" not in once


@pytest.mark.parametrize(
    ("plain", "marked", "seen"),
    [
        ("Hello", "<p>Hello</p>", "Hello"), (" ", "<p>Only here</p>", "Only here"),
        ("Your program cannot show this.", f"<p>{'Many words. ' * 200}</p>", "Many words."),
    ],
)  # fmt: skip
def test_the_better_of_two_forms_is_read(plain: str, marked: str, seen: str) -> None:
    body = (
        f"--b\nContent-Type: text/plain\n\n{plain}\n--b\nContent-Type: text/html\n\n{marked}\n--b--"
    )
    got = read(ALTERNATIVE, body=body)
    assert got.words.plain.startswith(seen)
    assert got.words.html


@pytest.mark.parametrize(
    ("type_", "body", "seen"),
    [
        ("multipart/mixed", "--xyz\nContent-Type: text/plain\n\nIt broke.\n--xyz--", "It broke."),
        ("multipart/mixed; boundary=b", "--x\nContent-Type: text/plain\n\nIt broke.", "It broke."),
        ("multipart/mixed; boundary=wrong", "It broke.", "It broke."),
        ("garbage", "It broke.", "It broke."),
        ("text/enriched", "<bold>It</bold> broke.", "It broke."),
        ("", "<html><p>It broke.</html>", "It broke."),
        ("text/plain; name=note.txt", "It broke.", "It broke."),
    ],
)  # fmt: skip
def test_words_are_found_whatever_they_are_called(type_: str, body: str, seen: str) -> None:
    assert read(f"Content-Type: {type_}", body=body).words.plain == seen


def test_a_message_that_only_carries_another_says_what_that_one_says() -> None:
    inner = "From: ada@example.org\nSubject: Broken\n\nMy kettle broke."
    got = read("Content-Type: message/rfc822", body=f"Content-Type: message/rfc822\n\n{inner}")
    assert (got.words.plain, got.words.source, got.held) == ("My kettle broke.", "nested", None)


@pytest.mark.parametrize(
    ("format", "text"),
    [("flowed", "one two\n> old line\nthree"), ("flowed; delsp=yes", "onetwo\n> oldline\nthree")],
)
def test_lines_broken_for_the_way_are_joined(format: str, text: str) -> None:
    got = read(f"Content-Type: text/plain; format={format}", body="one \ntwo\n>old \n>line\nthree")
    assert got.words.plain == text


@pytest.mark.parametrize(
    ("history", "folded"),
    [
        ("On Mon, 2 Mar 2026 at 10:00, Desk <desk@desk.example> wrote:\n> Hi", "quoted"),
        ("On Mon, 2 Mar 2026 at 10:00, Desk\n<desk@desk.example> wrote:\n\n> Hi", "quoted"),
        ("在 2026年3月2日，10:00，Desk <desk@desk.example> 写道：\n\n您好", "quoted"),
        ("At 2026-03-02 10:00:00, \"Desk\" <desk@desk.example> wrote:\nHello", "quoted"),
        ("------------------ 原始邮件 ------------------\n发件人: \"Desk\"\n您好", "quoted"),
        ("-----Original Message-----\nFrom: Desk\nHello", "quoted"),
        ("From: Desk\nSent: Monday\nTo: Lee\nSubject: Yours\n\nHello", "quoted"),
        ("________________________________\nFrom: Desk\nSent: Monday\nHello", "quoted"),
        ("发件人: Desk\n发送时间: 2026年3月2日\n收件人: Lee\n主题: 投诉\n\n您好", "quoted"),
        ("Le lun. 2 mars 2026 à 10:00, Desk <d@desk.example> a écrit :\n> Bonjour", "quoted"),
        ("Am 02.03.2026 um 10:00 schrieb Desk:\n> Hallo", "quoted"),
        ("-- \nMr Lee\nDirector", "signature"), ("Sent from my iPhone", "signature"),
        ("发自我的iPhone", "signature"), ("Get Outlook for iOS", "signature"),
    ],
)  # fmt: skip
def test_what_follows_the_answer_is_folded_away(history: str, folded: str) -> None:
    passages = divide(f"I am not content.\n\n{history}\n")
    assert [(p.kind, p.text) for p in passages] == [
        ("own", "I am not content."), (folded, history),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "> I only quote",
        "---------- Forwarded message ---------\nFrom: Shop\nHi",
        "On arrival the manager wrote:\nno refunds",
        "From: the very start it went wrong",
        "I paid\n--\n" + "\n".join(f"{n}. and waited" for n in range(20)),
    ],
)
def test_words_of_ones_own_are_not_folded(text: str) -> None:
    assert [(p.kind, p.text) for p in divide(text)] == [("own", text)]


def test_answers_between_the_lines_stay_in_order() -> None:
    passages = divide("> When?\nOn Monday.\n> Where?\nIn Leeds.")
    assert [p.kind for p in passages] == ["quoted", "own", "quoted", "own"]
    assert read(body="> When?\nOn Monday.\n> Where?\nIn Leeds.").words.reply == (
        "On Monday.\n\nIn Leeds."
    )


LINES = ["> a", "b", "", "-- ", "On 1 May 2026 x@y.z wrote:", "From: a", "Sent: b", "To: c"]


@given(st.lists(st.sampled_from(LINES), max_size=30))
def test_together_the_passages_are_the_message(lines: list[str]) -> None:
    text = "\n".join(lines)
    passages = divide(text)
    assert "".join("".join(p.text for p in passages).split()) == "".join(text.split())
    assert not passages or any(p.kind == "own" for p in passages)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I have not received my refund", "en"), ("refund please!", "en"),
        ("我的订单没有收到", "zh"), ("訂單 ORDER-2231 還沒有 refund", "zh"),
        ("商品が届きません。", "other"), ("환불 부탁드립니다", "other"),
        ("Верните деньги", "other"),
        ("Ich möchte mein Geld zurück, das ist nicht gut", "other"),
        ("Bonjour, je ne suis pas content", "other"), ("12345 !!", ""), ("", ""),
    ],
)  # fmt: skip
def test_the_language_of_the_words(text: str, language: Language) -> None:
    assert guess(text) == language
