"""What do people call a complaint on the telephone?

Ten characters of Crockford's base 32 (no I, L, O or U): nine random ones, 45 bits, and the
check character of that alphabet. Numbers whose check would be one of Crockford's five extra
symbols are not used, so every reference is letters and digits only. One wrong or swapped
character is always noticed, and guessing a live reference among a million takes 30 million tries.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable

from recovery.errors import Invalid

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
_BITS = 45
_VALUE = {c: i for i, c in enumerate(ALPHABET)}
_READ = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None})


def _spell(number: int) -> str | None:
    check = number % 37
    if check >= 32:
        return None
    digits = "".join(ALPHABET[(number >> shift) & 31] for shift in range(_BITS - 5, -1, -5))
    return digits + ALPHABET[check]


def draw(getrandbits: Callable[[int], int] = secrets.randbits) -> str:
    """A new reference, from the system's randomness or the given source of bits."""
    while True:
        if reference := _spell(getrandbits(_BITS)):
            return reference


def derive(key: bytes, name: str) -> str:
    """The reference of something that has a name elsewhere: the same for the same key and name."""
    attempt = 0
    while True:
        mac = hmac.digest(key, f"{attempt}\x00{name}".encode(), hashlib.sha256)
        if reference := _spell(int.from_bytes(mac[:6], "big") >> 3):
            return reference
        attempt += 1


def parse(text: str) -> str:
    """The canonical form of what a person typed; raises Invalid if it cannot be a reference."""
    reference = text.strip().upper().translate(_READ)
    if len(reference) != LENGTH or any(c not in _VALUE for c in reference):
        raise Invalid(
            f"{text.strip()[:30]!r} is not a reference (ten letters and digits, like 7GQ2M-4XK9T).",
            field="reference",
        )
    number = 0
    for character in reference[:-1]:
        number = number * 32 + _VALUE[character]
    if number % 37 != _VALUE[reference[-1]]:
        raise Invalid(
            f"{show(reference)} has a typing error: its last character does not match the others.",
            field="reference",
        )
    return reference


def show(reference: str) -> str:
    """As printed: two groups of five."""
    return f"{reference[:5]}-{reference[5:]}"
