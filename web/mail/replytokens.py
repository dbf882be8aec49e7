"""How does an answer prove that it answers a letter of ours?

Letters are answered at `desk+TOKEN@…`; the token names the letter and is signed, so that nobody can
make one up who was not sent one. In letters and digits without case, because mail programs change
it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from uuid import UUID

SIGNATURE = 9
"""Bytes of it: with those of the id a multiple of five, so that nothing has to be padded."""


def write(delivery: str, *, key: bytes) -> str:
    """The token of a letter."""
    named = UUID(delivery).bytes
    return base64.b32encode(named + _signature(named, key)).decode().lower()


def read(token: str, *, key: bytes) -> str:
    """The letter's id; empty when the token is none of ours."""
    try:
        found = base64.b32decode(token.upper().encode("ascii"))
    except (binascii.Error, UnicodeEncodeError):
        return ""
    named, signature = found[:16], found[16:]
    if len(named) < 16 or not hmac.compare_digest(signature, _signature(named, key)):
        return ""
    return str(UUID(bytes=named))


def address(desk: str, delivery: str, *, key: bytes) -> str:
    """Where answers to the letter go."""
    local, _, domain = desk.rpartition("@")
    return f"{local}+{write(delivery, key=key)}@{domain}"


def among(addresses: Iterable[str], *, key: bytes) -> str:
    """The letter that one of these addresses answers; empty when none does."""
    for each in addresses:
        _, mark, token = each.rpartition("@")[0].partition("+")
        if mark and (found := read(token, key=key)):
            return found
    return ""


def _signature(named: bytes, key: bytes) -> bytes:
    return hmac.digest(key, b"reply\0" + named, hashlib.sha256)[:SIGNATURE]
