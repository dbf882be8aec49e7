"""Is what this bundle says in the sealed log of the desk that gave it? One file, Python alone.

    python3 verify.py bundle.json [--key PUBLIC_KEY]

A bundle holds the events of one complaint as they are stored, the path of each in the Merkle tree
of the whole log (RFC 9162), and a signed head: the root of that tree (Ed25519, RFC 8032). Exit 0
when all of it holds, 1 with the first reason when not.
"""

from __future__ import annotations

import base64
import json
import sys
from datetime import datetime, timedelta, timezone
from hashlib import sha256, sha512
from typing import Any

FORMAT = "recovery-bundle/1"


class Wrong(Exception):
    """What does not hold, in a sentence."""


def verify(bundle: Any, key: str | None = None) -> list[str]:
    """The sentences that may be believed; raises Wrong. The key may have its name before it."""
    try:
        *_, public = (key or bundle["head"]["key"]).split()
        return _verified(bundle, base64.b64decode(public), bool(key))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise Wrong(f"This is not a whole bundle ({type(error).__name__}: {error}).") from None


def _verified(bundle: Any, key: bytes, pinned: bool) -> list[str]:
    if bundle["format"] != FORMAT:
        raise Wrong("This is not a bundle of the form that this program knows.")
    name = "recovery-" + sha256(key).hexdigest()[:16]
    size, root, at = read_head(bundle["head"]["note"], key, name)
    events = bundle["events"]
    if not events:
        raise Wrong("There are no events in this bundle.")
    for event in events:
        position = event["position"]
        proof = [base64.b64decode(step) for step in event["proof"]]
        if not included(sha256(b"\0" + leaf(event)).digest(), position - 1, size, proof, root):
            raise Wrong(f"The event at position {position} is not in the log that was signed.")
        if not belongs(event, bundle["reference"]):
            raise Wrong(f"The event at position {position} is about another complaint.")
    complete(events)
    streams = len({event["stream"] for event in events})
    return [
        f"Complaint {bundle['reference']}: {len(events)} events of {streams} streams are in the"
        f" log, unchanged.",
        f"The log had {size} events when its head was signed, {at}.",
        f"The head is signed with the key {name}"
        + (", which you gave." if pinned else ": compare it with the one that the desk publishes."),
    ]


def leaf(event: dict[str, Any]) -> bytes:
    """The bytes that were sealed: six fields, each after its length."""
    epoch = datetime(2000, 1, 1, tzinfo=timezone.utc)  # noqa: UP017 (for older Pythons too)
    recorded = datetime.fromisoformat(event["recorded_at"].replace("Z", "+00:00")) - epoch
    fields = (
        event["position"].to_bytes(8, "big", signed=True),
        event["stream"].encode(),
        event["version"].to_bytes(4, "big"),
        event["topic"].encode(),
        event["state"].encode(),
        (recorded // timedelta(microseconds=1)).to_bytes(8, "big", signed=True),
    )
    return b"\0\6" + b"".join(len(field).to_bytes(4, "big") + field for field in fields)


def included(found: bytes, place: int, size: int, path: list[bytes], root: bytes) -> bool:
    """Whether the path leads from the leaf at a place to the root."""
    last = size - 1
    if not 0 <= place <= last:
        return False
    for sibling in path:
        if last == 0:
            return False
        if place % 2 or place == last:
            found = sha256(b"\1" + sibling + found).digest()
            while place and not place % 2:
                place, last = place >> 1, last >> 1
        else:
            found = sha256(b"\1" + found + sibling).digest()
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def belongs(event: dict[str, Any], reference: str) -> bool:
    """Whether the event is of the complaint, or says that it is about it."""
    plain = reference.replace("-", "")
    about: str = json.loads(event["state"]).get("complaint", "")
    return event["stream"] == f"complaint-{plain}" or about == plain


def complete(events: list[dict[str, Any]]) -> None:
    """Nothing may be left out of a stream's beginning or middle, and nothing told twice."""
    versions: dict[str, int] = {}
    for event in sorted(events, key=lambda each: each["position"]):
        before = versions.get(event["stream"], 0)
        if event["version"] != before + 1:
            raise Wrong(f"{event['stream']}: version {before + 1} is missing or told twice.")
        versions[event["stream"]] = event["version"]


def read_head(note: str, key: bytes, name: str) -> tuple[int, bytes, str]:
    """How many events the head was signed over, the root of their tree, and when."""
    text, _, signature = note.partition("\n\u2014 ")
    origin, size, root, at = text.rstrip("\n").split("\n")
    signer, signed = signature.rstrip("\n").split(" ")
    if origin != name or signer != name:
        raise Wrong(f"The head was signed by {signer}, and the key is that of {name}.")
    if not signed_by(key, text.encode(), base64.b64decode(signed)[4:]):
        raise Wrong("The head does not bear the signature of the key.")
    return int(size), base64.b64decode(root), at


# ---------------------------------------------------------------- Ed25519, RFC 8032, section 5.1

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)


def signed_by(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the key's owner signed the message."""
    if len(key) != 32 or len(signature) != 64:
        return False
    public, commitment = _point(key), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if public is None or commitment is None or s >= _L:
        return False
    h = int.from_bytes(sha512(signature[:32] + key + message).digest(), "little") % _L
    return _same(_times(s, _BASE), _add(commitment, _times(h, public)))


def _point(raw: bytes) -> Any:
    """The point of the curve that 32 bytes stand for; None when there is none."""
    y = int.from_bytes(raw, "little")
    odd, y = y >> 255, y & (2**255 - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (x == 0 and odd):
        return None
    x = _P - x if x % 2 != odd else x
    return x, y, 1, x * y % _P


def _add(a: Any, b: Any) -> Any:
    e, f = (a[1] - a[0]) * (b[1] - b[0]), (a[1] + a[0]) * (b[1] + b[0])
    g, h = 2 * a[3] * b[3] * _D, 2 * a[2] * b[2]
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(factor: int, point: Any) -> Any:
    found = (0, 1, 1, 0)
    while factor:
        if factor % 2:
            found = _add(found, point)
        point, factor = _add(point, point), factor >> 1
    return found


def _same(a: Any, b: Any) -> bool:
    return not ((a[0] * b[2] - b[0] * a[2]) % _P or (a[1] * b[2] - b[1] * a[2]) % _P)


_BASE = _point((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))


def main(arguments: list[str]) -> int:
    """What `python3 verify.py` does; returns its exit status."""
    key = None
    if "--key" in arguments[:-1]:
        at = arguments.index("--key")
        key = arguments[at + 1]
        arguments = arguments[:at] + arguments[at + 2 :]
    if len(arguments) != 1:
        sys.stderr.write("usage: verify.py bundle.json [--key PUBLIC_KEY]\n")
        return 2
    try:
        with open(arguments[0], encoding="utf-8") as file:
            said = verify(json.load(file), key)
    except (OSError, ValueError, Wrong) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("\n".join(said) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
