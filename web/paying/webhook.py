"""How do we tell another program to pay, and how do we believe its answer?

Each payment is one signed message whose id, and idempotency key, is the payment's. Sent again after
a broken connection, it is the same to the byte, so that the other side can drop it. When to try
again is the caller's business.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import httpx2
import msgspec

from recovery.errors import Invalid
from recovery.paying.records import Instruction, Result
from web.paying.answers import answer
from web.paying.connectors import Handed, Way, payable, written
from web.paying.export import PER_FILE
from web.paying.signing import signed, verify

TIMEOUT = httpx2.Timeout(20, connect=5)
"""Seconds for each step."""
LARGEST = 64 * 1024
"""Bytes of an answer."""
UNPROCESSABLE = 422


def client() -> httpx2.Client:
    """Follows nobody elsewhere with an account number in its hands."""
    return httpx2.Client(timeout=TIMEOUT, follow_redirects=False)


class Webhook:
    """Another program that pays, at an address; `client` is closed by whoever opened it."""

    code = "webhook"

    def __init__(self, url: str, key: bytes, client: httpx2.Client) -> None:
        self._url = _checked(url)
        self._key = key
        self._client = client

    def refusal(self, instruction: Instruction) -> str:
        return payable(instruction)

    def hand_over(
        self, batch: str, instructions: Iterable[Instruction], *, at: datetime, into: Path
    ) -> Iterator[Handed]:
        for instruction in instructions:
            yield self._send(instruction, batch, at)

    def _send(self, instruction: Instruction, batch: str, at: datetime) -> Handed:
        """Only 422 says that this payment will never be taken; all else may change."""
        body = message(instruction)
        headers = signed(self._key, id=instruction.payment, at=at, body=body) | {
            "content-type": "application/json",
            "idempotency-key": instruction.payment,
        }
        try:
            with self._client.stream("POST", self._url, content=body, headers=headers) as response:
                status = response.status_code
        except httpx2.TransportError as error:
            return _handed(instruction, "later", f"There was no answer ({type(error).__name__}).")
        if 200 <= status < 300:
            return _handed(instruction, "accepted", "")
        way: Way = "refused" if status == UNPROCESSABLE else "later"
        return _handed(instruction, way, f"The other side answered {status}.")


class Messages:
    """The messages of a batch as a file, a line for each: what two people sign before any is sent.

    They are sent one by one once the batch was released.
    """

    code = Webhook.code

    def __init__(self, *, per_file: int = PER_FILE) -> None:
        self._per_file = per_file

    def refusal(self, instruction: Instruction) -> str:
        return payable(instruction)

    def hand_over(
        self, batch: str, instructions: Iterable[Instruction], *, at: datetime, into: Path,
        first: int = 1,
    ) -> Iterator[Handed]:  # fmt: skip
        return written(batch, instructions, _lines, into, ".jsonl", self._per_file, first)


def _lines(file: BinaryIO, instructions: Sequence[Instruction], _: str) -> None:
    file.writelines(message(each) + b"\n" for each in instructions)


def message(instruction: Instruction) -> bytes:
    """The same bytes each time it is asked for."""
    money, payee = instruction.money, instruction.payee
    return msgspec.json.encode({
        "type": "payment.instructed",
        "data": {
            "payment": instruction.payment, "amount": format(money.amount, "f"),
            "currency": money.currency, "on": instruction.on, "payee": payee,
            "reference": instruction.reference, "words": instruction.words,
        },
    })  # fmt: skip


class _Said(msgspec.Struct, forbid_unknown_fields=False):
    """The data of an answer; amounts are texts, since numbers lose pennies on the way."""

    payment: str
    result: str
    amount: str
    currency: str
    at: str
    reason: str = ""
    words: str = ""
    source: str = ""


class _Answer(msgspec.Struct):
    type: str
    data: _Said


def received(
    headers: Mapping[str, str], body: bytes, keys: Sequence[bytes], *, now: datetime
) -> Result:
    """The result in an answer, for `match` to judge.

    Raises Forbidden where the signature or its time is wrong, Invalid where the message is.
    """
    if len(body) > LARGEST:
        raise Invalid(f"This message has more than {LARGEST:,} bytes.")
    id = verify(keys, headers, body, now=now)
    try:
        found = msgspec.json.decode(body, type=_Answer)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"This message is not as it should be: {error}.") from None
    if found.type != "payment.result":
        raise Invalid(f"{found.type[:40]!r} is not a message that we know.")
    said: dict[str, str] = msgspec.structs.asdict(found.data)
    return answer(said, source=found.data.source or id)


def _handed(instruction: Instruction, way: Way, words: str) -> Handed:
    return Handed(payments=(instruction.payment,), way=way, words=words)


def _checked(url: str) -> str:
    """https, or this machine; raises Invalid."""
    try:
        parts = httpx2.URL(url)
    except httpx2.InvalidURL:
        raise Invalid(f"{url[:80]!r} is no address.") from None
    if parts.userinfo:
        raise Invalid("Write the address without a user and a password: messages are signed.")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_here(parts.host)):
        raise Invalid("Payments are only sent to an address that begins with https://.")
    if not parts.host or (parts.port or 0) > 65_535:
        raise Invalid(f"{url[:80]!r} is no address.")
    return url


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
