"""How is a name or a text written with the letters that every bank takes?

The basic Latin set of the European Payments Council: letters, digits, space and / - ? : ( ) . , ' +
Everything else is transliterated, or becomes a full stop.
"""

from __future__ import annotations

import re
import unicodedata

from anyascii import anyascii

_ALIKE = str.maketrans({
    "&": "+", "@": "(at)", "_": "-", "~": "-", "^": ".", "`": "'", "\"": "'", "[": "(",
    "]": ")", "{": "(", "}": ")", "|": "/", "\\": "/", ";": ",", "<": "(", ">": ")",
})  # fmt: skip
_UNKNOWN = re.compile(r"[^A-Za-z0-9/?:().,'+ -]")
_SLASHES = re.compile(r"/{2,}")
_LETTER = re.compile(r"[A-Za-z0-9]")
LONGEST_READ = 1_000
"""Characters of a text that are looked at, before it is shortened."""


def bank_text(text: str, limit: int) -> str:
    """At most `limit` characters of the basic set; empty where no letter or digit is left.

    Slashes neither begin nor end it, and never stand in pairs, which banks take for a code.
    """
    composed = unicodedata.normalize("NFC", text[:LONGEST_READ])
    latin = composed if composed.isascii() else "".join(map(_latin, composed))
    latin = latin.translate(_ALIKE)
    plain = _SLASHES.sub("/", _UNKNOWN.sub(".", " ".join(latin.split())))
    found = plain[:limit].strip("/ ") if _LETTER.search(plain) else ""
    return found if _LETTER.search(found) else ""


def _latin(character: str) -> str:
    """Pictures are no letters, though there is a word for each of them."""
    if character.isascii():
        return character
    if unicodedata.category(character) in ("So", "Sk", "Cs", "Co", "Cn", "Cf"):
        return " "
    return anyascii(character)
