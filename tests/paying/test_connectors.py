"""Does each way to pay take the same batch, and say what became of it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from recovery.errors import Refused
from recovery.paying.account import Party
from tests.paying import bank
from tests.paying.examples import AT, BRITISH, LEE, PAYERS, pay
from web.paying.connectors import BankFile, Connector, TableFile
from web.paying.webhook import Webhook


@pytest.fixture(params=["pain.001.001.09", "csv", "webhook"])
def connector(request: pytest.FixtureRequest) -> Iterator[Connector]:
    transport = httpx2.MockTransport(lambda request: httpx2.Response(200))
    with httpx2.Client(transport=transport) as client:
        ways: tuple[Connector, ...] = (
            BankFile(PAYERS, per_file=2), TableFile(per_file=2),
            Webhook("https://bank.example/payments", b"k" * 32, client),
        )  # fmt: skip
        yield next(way for way in ways if way.code == request.param)


def test_each_payment_is_handed_over_once_and_again_without_harm(
    connector: Connector, tmp_path: Path
) -> None:
    asked = [pay("1.00"), pay("2.00"), pay("4.00", "GBP", to=BRITISH)]

    first = list(connector.hand_over("batch", iter(asked), at=AT, into=tmp_path))
    again = list(connector.hand_over("batch", iter(asked), at=AT, into=tmp_path))

    assert Counter(p for h in first for p in h.payments) == Counter(i.payment for i in asked)
    assert first == again
    assert [file for h in first if (file := h.file) and not file.path.exists()] == []


def test_nothing_is_handed_over_of_an_empty_batch(connector: Connector, tmp_path: Path) -> None:
    assert list(connector.hand_over("batch", [], at=AT, into=tmp_path)) == []


def test_what_nobody_could_pay_is_said_before(connector: Connector) -> None:
    assert connector.refusal(pay()) == ""
    assert connector.refusal(pay("0.00")) == "0.00 EUR cannot be paid."
    assert connector.refusal(pay("-1.00")) == "-1.00 EUR cannot be paid."


def test_a_bank_file_says_what_it_cannot_hold_and_writes_none_of_it(tmp_path: Path) -> None:
    way = BankFile(PAYERS)
    nameless = pay(to=Party("🙂", LEE.account))

    assert way.refusal(nameless) == "The name on the account has no letter that a bank can write."
    with pytest.raises(Refused, match=nameless.payment):
        list(way.hand_over("batch", [pay(), nameless], at=AT, into=tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_bank_files_hold_what_was_asked(tmp_path: Path) -> None:
    asked = [pay("1.00"), pay("2.00"), pay("4.00")]

    handed = BankFile(PAYERS, per_file=2).hand_over("batch", asked, at=AT, into=tmp_path)

    found = [bank.accept(h.file.path) for h in handed if h.file]
    assert [[(t.payment, t.amount) for t in transfers] for transfers in found] == [
        [(asked[0].payment, "1.00"), (asked[1].payment, "2.00")], [(asked[2].payment, "4.00")]
    ]  # fmt: skip
