"""What exactly is sealed of an event, and what does a signed head say?

A leaf is the row of the log as PostgreSQL's COPY sends it in its binary format: position, stream,
version, topic, state, instant of recording, each after its length, so that no two rows give the
same bytes. A head is a text of few lines that can be mailed and printed: who signs, how many
events, the root of their tree, when; then an Ed25519 signature, in the form of a C2SP signed note.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import UTC, datetime
from hashlib import sha256

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from recovery.errors import Invalid, RecoveryError

ROW = "notification_id, originator_id, originator_version, topic, state, recorded_at"
"""The columns of `desk.events` that a leaf is made of."""
_ED25519 = b"\1"
_SIGNED = "\N{EM DASH} "


class NotSigned(RecoveryError):
    """A head that its key did not sign."""


class Head(msgspec.Struct, frozen=True):
    """How many events there were, and the root of their tree: signed."""

    size: int
    root: bytes
    signed_at: datetime
    key: bytes
    """The public key: 32 bytes."""
    note: str
    """What was signed, with the signature."""

    @property
    def name(self) -> str:
        """Of the key, as the note spells it: a new key has another name."""
        return name_of(self.key)


class Signer:
    """Signs heads with a key of 32 bytes."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.key = self._key.public_key().public_bytes_raw()

    def sign(self, size: int, root: bytes, at: datetime) -> Head:
        at = at.astimezone(UTC).replace(microsecond=0)
        text = _text(self.key, size, root, at)
        signature = b64encode(_key_id(self.key) + self._key.sign(text.encode())).decode()
        note = f"{text}\n{_SIGNED}{name_of(self.key)} {signature}\n"
        return Head(size, root, at, self.key, note)


def name_of(key: bytes) -> str:
    """The name of a public key."""
    return f"recovery-{sha256(key).hexdigest()[:16]}"


def key_of(text: str) -> bytes:
    """The public key in base64, perhaps with its name before it; raises Invalid."""
    try:
        key = b64decode(text.strip().rpartition(" ")[2], validate=True)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise Invalid("This is not a public key: it has 32 bytes, in base64.", field="key")
    return key


def read(note: str, key: bytes) -> Head:
    """The head that the note tells; raises NotSigned when the key did not sign just this."""
    try:
        text, _, signature = note.partition(f"\n{_SIGNED}")
        name, signed = signature.removesuffix("\n").split(" ")
        raw = b64decode(signed, validate=True)
        if name != name_of(key) or raw[:4] != _key_id(key):
            raise ValueError
        Ed25519PublicKey.from_public_bytes(key).verify(raw[4:], text.encode())
        origin, size, root, at = text.removesuffix("\n").split("\n")
        head = Head(int(size), b64decode(root), datetime.fromisoformat(at), key, note)
        if text != _text(key, head.size, head.root, head.signed_at) or origin != name:
            raise ValueError
    except (ValueError, InvalidSignature):
        raise NotSigned(f"This head was not signed with the key {name_of(key)}.") from None
    return head


def _text(key: bytes, size: int, root: bytes, at: datetime) -> str:
    when = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"{name_of(key)}\n{size}\n{b64encode(root).decode()}\n{when}\n"


def _key_id(key: bytes) -> bytes:
    return sha256(name_of(key).encode() + b"\n" + _ED25519 + key).digest()[:4]
