"""How does a complainant's link prove that we gave it to them?

It names the complaint and carries a signature of ours, in letters and digits without case. Whoever
has it may see this one complaint as its complainant does, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from recovery import reference as references
from recovery.errors import Invalid

SIGNATURE = 10
"""Bytes: 80 bits, more than anybody can try."""


def write(reference: str, *, key: bytes) -> str:
    """The token of a complaint, for `/mine/TOKEN`."""
    return reference.lower() + _signature(reference, key)


def read(token: str, *, key: bytes) -> str | None:
    """The reference; None when the token is none of ours."""
    try:
        reference = references.parse(token[: references.LENGTH])
    except Invalid:
        return None
    given = token[references.LENGTH :].lower().encode()
    return reference if hmac.compare_digest(given, _signature(reference, key).encode()) else None


def _signature(reference: str, key: bytes) -> str:
    digest = hmac.digest(key, b"mine\0" + reference.encode(), hashlib.sha256)
    return base64.b32encode(digest[:SIGNATURE]).decode().lower()
