"""Who sent this message, and when?

Signed as the Standard Webhooks specification has it: HMAC-SHA256 over id, time and body, so that
libraries of many languages can check what we send and sign what we receive. While a secret is being
changed, the old and the new one are both taken.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from recovery.errors import Forbidden, Invalid

TOLERANCE = timedelta(minutes=5)
"""How far the sender's clock may be from ours; an older message is a repeat by somebody else."""
SHORTEST = 24
"""Bytes of a secret."""
_PREFIX = "whsec_"


def secret(text: str) -> bytes:
    """The key in "whsec_…"; raises Invalid."""
    try:
        found = base64.b64decode(text.strip().removeprefix(_PREFIX), validate=True)
    except ValueError:
        found = b""
    if len(found) < SHORTEST:
        raise Invalid(f"Write the secret as {_PREFIX} and {SHORTEST} bytes or more in base64.")
    return found


def signed(key: bytes, *, id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers that say who sent the body, and when."""
    seconds = str(int(at.timestamp()))
    return {
        "webhook-id": id,
        "webhook-timestamp": seconds,
        "webhook-signature": _signature(key, id, seconds, body),
    }


def verify(keys: Sequence[bytes], headers: Mapping[str, str], body: bytes, *, now: datetime) -> str:
    """The message's id; raises Forbidden where we cannot be sure who sent it, or when.

    `headers` are by small names.
    """
    id, seconds = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    sent = int(seconds) if seconds.isascii() and seconds.isdigit() and len(seconds) < 12 else 0
    given = headers.get("webhook-signature", "").encode().split()
    wanted = [_signature(key, id, seconds, body).encode() for key in keys]
    if not id or not any(hmac.compare_digest(g, w) for g in given for w in wanted):
        raise Forbidden("This message is not signed with our secret.")
    if abs(now.timestamp() - sent) > TOLERANCE.total_seconds():
        raise Forbidden("This message was signed too long ago, or by a clock that is wrong.")
    return id


def _signature(key: bytes, id: str, seconds: str, body: bytes) -> str:
    content = b".".join((id.encode(), seconds.encode(), body))
    return f"v1,{base64.b64encode(hmac.digest(key, content, 'sha256')).decode()}"
