"""Which letter of ours does an address mean that only its recipient, or a mail server, can know?

Answers come to `desk+TOKEN@…` and reports of non-delivery to another `desk+TOKEN@…`; each token
names the letter and is signed for its purpose, so that nobody can make one up, and nobody who saw
one kind knows the other. In letters and digits without case, because mail programs change it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from typing import Literal
from uuid import UUID

Purpose = Literal["reply", "bounce", "colleague"]
"""Who writes there: the complainant, a mail server, a colleague to whom a notice went."""
SIGNATURE = 9
"""Bytes of it: with those of the id a multiple of five, so that nothing has to be padded."""


def write(delivery: str, *, key: bytes, purpose: Purpose = "reply") -> str:
    """The token of a letter."""
    named = UUID(delivery).bytes
    return base64.b32encode(named + _signature(named, key, purpose)).decode().lower()


def read(token: str, *, key: bytes, purpose: Purpose = "reply") -> str:
    """The letter's id; empty when the token is none of ours for this purpose."""
    try:
        found = base64.b32decode(token.upper().encode("ascii"))
    except (binascii.Error, UnicodeEncodeError):
        return ""
    named, signature = found[:16], found[16:]
    if len(named) < 16 or not hmac.compare_digest(signature, _signature(named, key, purpose)):
        return ""
    return str(UUID(bytes=named))


def address(desk: str, delivery: str, *, key: bytes, purpose: Purpose = "reply") -> str:
    """The address that means the letter."""
    local, _, domain = desk.rpartition("@")
    return f"{local}+{write(delivery, key=key, purpose=purpose)}@{domain}"


def among(addresses: Iterable[str], *, key: bytes, purpose: Purpose = "reply") -> str:
    """The letter that one of these addresses means; empty when none does."""
    for each in addresses:
        _, mark, token = each.rpartition("@")[0].partition("+")
        if mark and (found := read(token, key=key, purpose=purpose)):
            return found
    return ""


def _signature(named: bytes, key: bytes, purpose: Purpose) -> bytes:
    return hmac.digest(key, purpose.encode() + b"\0" + named, hashlib.sha256)[:SIGNATURE]
