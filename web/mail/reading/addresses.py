"""Whose addresses stand in this header?

Lenient and linear: names with commas, comments and quotes in them, groups, addresses without a
name and names without an address, letters of any script. The structure is read before encoded
words are, so that a name cannot smuggle in an address.
"""

from __future__ import annotations

import re

from web.mail.reading import headers
from web.mail.reading.headers import Block
from web.mail.reading.limits import ADDRESSES, NAME_CHARS
from web.mail.reading.records import Party

_TOKEN = re.compile(
    r"\"((?:[^\"\\]|\\.)*+)\"|\(((?:[^()\\]|\\.)*+)\)|<([^<>]*)>|([,;:])|([^\"(<,;:]+|.)", re.DOTALL
)
_ADDRESS = re.compile(r"[^\s@<>\"(),;:]{1,128}@[^\s@<>\"(),;:]{1,255}")
_QUOTED = re.compile(r"\\(.)", re.DOTALL)


def parties(block: Block, name: str) -> tuple[Party, ...]:
    """Everybody in the headers of that name, each once."""
    found: dict[Party, None] = {}
    for value in block.plain(name):
        for party in split(value):
            found.setdefault(party)
            if len(found) >= ADDRESSES:
                return tuple(found)
    return tuple(found)


def split(value: str) -> list[Party]:
    """The parties of one header value, in order."""
    found: list[Party] = []
    words: list[str] = []
    route, comment = "", ""
    for match in _TOKEN.finditer(value):
        quoted, remark, angle, mark, bare = match.groups()
        if mark and not (mark == ":" and angle):
            if mark != ":":
                _add(found, words, route, comment)
            words, route, comment = [], "", ""
        elif quoted is not None:
            words.append(_QUOTED.sub(r"\1", quoted))
        elif remark is not None:
            comment = comment or remark
        elif angle is not None:
            route = angle
        elif bare.strip():
            words.append(bare.strip())
        if len(found) > ADDRESSES:
            return found
    _add(found, words, route, comment)
    return found


def _add(found: list[Party], words: list[str], route: str, comment: str) -> None:
    name = " ".join(words)
    address = _ADDRESS.search(route) or (None if route else _ADDRESS.search(name))
    if address and not route:
        name = name.replace(address[0], " ") or comment
        name = name if name.strip() else comment
    party = Party(name=_shown(name), address=_clean(address[0]) if address else "")
    if party != Party():
        found.append(party)


def _shown(name: str) -> str:
    decoded = headers.words(name) if "=?" in name else name
    plain = " ".join(decoded.split())
    if len(plain) > 1 and plain[0] == plain[-1] and plain[0] in "'\"":
        plain = plain[1:-1].strip()
    return plain.strip("" if plain.count('"') % 2 == 0 else '" ')[:NAME_CHARS]


def _clean(address: str) -> str:
    """The domain in lower case, the way it is compared."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.rstrip('.').lower()}"


def addresses(text: str) -> list[str]:
    """Every address in free words, each once."""
    return list(dict.fromkeys(_clean(a.strip(".'`*")) for a in _ADDRESS.findall(text)))[:ADDRESSES]


def is_of(domain: str, address: str) -> bool:
    """Whether a domain stands for the address: its own, one above it or one below it."""
    theirs = address.rpartition("@")[2].lower()
    ours = domain.strip(".").lower()
    if "." not in ours or "." not in theirs:
        return bool(ours) and ours == theirs
    return ours == theirs or theirs.endswith(f".{ours}") or ours.endswith(f".{theirs}")
