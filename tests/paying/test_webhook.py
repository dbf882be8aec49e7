"""Does another program get each payment once, and is only its own answer believed?"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.errors import Forbidden, Invalid
from recovery.money import Money
from recovery.paying.account import Party
from recovery.paying.matching import Known, Matched, match
from recovery.paying.records import Instruction, Result
from tests.cast import NINE
from tests.paying.examples import BRITISH, LEE, WALLET, pay
from web.paying.connectors import Handed
from web.paying.signing import signed, verify
from web.paying.webhook import Webhook, message, received

KEY = b"k" * 32
ID = "a" * 32


class Payer:
    """A program that pays: believes signed messages, and drops those that it has had."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.answer = 200
        self.calls: list[str] = []
        self.paid: dict[str, dict[str, Any]] = {}
        self.silence = threading.Event()

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["content-length"]))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        id = verify([KEY], headers, body, now=NINE)
        assert headers["idempotency-key"] == id
        self.calls.append(id)
        if self.answer in (200, 202, 0):
            self.paid.setdefault(id, json.loads(body)["data"])
        if self.answer == 0:  # it has paid, and we never hear of it
            self.silence.wait(10)
            return
        handler.send_response(self.answer)
        if self.answer == 307:
            handler.send_header("location", f"{self.url}/elsewhere")
        handler.end_headers()


@pytest.fixture
def payer() -> Iterator[Payer]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            found.take(self)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Payer(f"http://127.0.0.1:{server.server_port}/payments")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield found
    found.silence.set()
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def webhook(url: str) -> Iterator[Webhook]:
    with httpx2.Client(timeout=httpx2.Timeout(5, read=0.3), follow_redirects=False) as client:
        yield Webhook(url, KEY, client)


def hand_over(url: str, *instructions: Instruction) -> list[Handed]:
    with webhook(url) as connector:
        return list(connector.hand_over("batch", instructions, at=NINE, into=Path()))


@pytest.mark.parametrize("status", [200, 202])
def test_a_payment_is_taken_with_all_that_is_needed_to_pay_it(payer: Payer, status: int) -> None:
    payer.answer = status
    asked = pay("25.00")

    found = hand_over(payer.url, asked)

    assert found == [Handed(payments=(asked.payment,), way="accepted")]
    assert payer.paid[asked.payment] == {
        "payment": asked.payment, "amount": "25.00", "currency": "EUR", "on": "2026-03-02",
        "payee": {
            "name": "Mr Lee",
            "account": {"kind": "iban", "iban": "FR1420041010050500013M02606", "bic": "PSSTFRPP"},
        },
        "reference": "7GQ2M4XK9T", "words": "late reply",
    }  # fmt: skip


def test_a_payment_that_is_sent_again_is_paid_once(payer: Payer) -> None:
    asked = pay()
    payer.answer = 0
    first = hand_over(payer.url, asked)
    payer.answer = 200
    second = hand_over(payer.url, asked)

    assert (first[0].way, second[0].way) == ("later", "accepted")
    assert "no answer" in first[0].words
    assert payer.calls == [asked.payment] * 2
    assert list(payer.paid) == [asked.payment]


@pytest.mark.parametrize("status", [307, 400, 401, 404, 409, 429, 500, 503])
def test_what_may_change_is_tried_again_and_nobody_is_followed(payer: Payer, status: int) -> None:
    payer.answer = status
    asked = pay()

    assert hand_over(payer.url, asked) == [
        Handed(payments=(asked.payment,), way="later", words=f"The other side answered {status}.")
    ]
    assert payer.calls == [asked.payment]


def test_what_will_never_be_paid_is_refused(payer: Payer) -> None:
    payer.answer = 422

    (found,) = hand_over(payer.url, pay())

    assert (found.way, found.words) == ("refused", "The other side answered 422.")


def test_one_that_fails_does_not_hold_up_the_others(payer: Payer) -> None:
    def asked() -> Iterator[Instruction]:
        payer.answer = 500
        yield pay()
        payer.answer = 200
        yield pay()

    with webhook(payer.url) as connector:
        found = connector.hand_over("batch", asked(), at=NINE, into=Path())
        assert [handed.way for handed in found] == ["later", "accepted"]


def test_nobody_there_is_tried_again() -> None:
    (found,) = hand_over("http://127.0.0.1:9/payments", pay())

    assert (found.way, found.words) == ("later", "There was no answer (ConnectError).")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://bank.example/pay", "https://"), ("http://10.0.0.1/pay", "https://"),
        ("ftp://127.0.0.1/", "https://"), ("pay", "https://"), ("", "https://"),
        ("https://me:secret@bank.example/", "without a user"), ("https://", "no address"),
        ("https://bank.example:99999/", "no address"), ("https://bank\0.example", "no address"),
    ],
)  # fmt: skip
def test_payments_are_not_sent_in_the_open(url: str, why: str) -> None:
    with pytest.raises(Invalid, match=why), webhook(url):
        pass


@given(st.text(), st.sampled_from([LEE, BRITISH, WALLET]))
def test_a_message_is_the_same_each_time(words: str, party: Party) -> None:
    asked = pay(to=party, words=words)

    assert message(asked) == message(asked)
    assert json.loads(message(asked))["data"]["words"] == words


def answer(**changes: object) -> bytes:
    data = {
        "payment": ID, "result": "paid", "amount": "25.00", "currency": "EUR",
        "at": "2026-03-03T10:00:00+01:00",
    } | changes  # fmt: skip
    return json.dumps({"type": "payment.result", "data": data}).encode()


def receive(body: bytes, *, id: str = "m1", seconds: int = 0) -> Result:
    headers = signed(KEY, id=id, at=NINE, body=body)
    return received(headers, body, [KEY], now=NINE + timedelta(seconds=seconds))


def test_an_answer_is_a_result() -> None:
    assert receive(answer(result="failed", reason="AC04", words="Closed", new="ignored")) == Result(
        payment=ID, kind="failed", money=Money.parse("25.00", "EUR"),
        at=datetime(2026, 3, 3, 9, tzinfo=UTC), reason="AC04", words="Closed", source="m1",
    )  # fmt: skip


def test_an_answer_that_comes_twice_is_news_once() -> None:
    first, again = receive(answer()), receive(answer(), id="m2", seconds=60)
    state = Known(first.money, "instructed", NINE)
    paid = Known(first.money, "paid", NINE)

    assert list(match([first], lambda ids: {ID: state})) == [Matched(first, True)]
    assert list(match([again], lambda ids: {ID: paid})) == [Matched(again, False)]


def test_an_answer_that_is_played_again_later_is_not_believed() -> None:
    with pytest.raises(Forbidden, match="too long ago"):
        receive(answer(), seconds=600)


def test_an_answer_of_mallorys_is_not_believed() -> None:
    headers = signed(b"m" * 32, id="m1", at=NINE, body=answer())

    with pytest.raises(Forbidden, match="not signed"):
        received(headers, answer(), [KEY], now=NINE)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "not as it should be"), (b"[]", "not as it should be"), (b"\xff", "not as it should"),
        (b'{"type":"payment.result"}', "not as it should be"),
        (answer().replace(b"payment.result", b"invoice.sent"), "not a message that we know"),
        (answer(amount=25.0), "not as it should be"), (answer(amount=25), "not as it should be"),
        (answer(amount="25,00"), "is not an amount"), (answer(currency=None), "not as it should"),
        (answer(currency="XYZ"), "not a currency code"), (answer(result="gone"), "is no result"),
        (answer(payment=" "), "names no payment"), (answer(at="2026-03-03T10:00:00"), "lacks Z"),
        (answer(words="x" * 70_000), "more than 65,536 bytes"),
    ],
    ids=lambda value: value if isinstance(value, str) else "message",
)  # fmt: skip
def test_a_signed_message_that_says_nothing_clear_is_refused(body: bytes, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        receive(body)
