"""Whom does a note call to its complaint?

A colleague is called by "@" and their id, their whole name, or their first name where nobody else
here has it. Whatever else follows an "@" is only text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

MOST = 20
"""Colleagues whom one note calls; it is not the way to tell everybody."""
_CALL = re.compile(r"(?<![\w.+-])[@＠]")


def mentioned(text: str, people: Mapping[str, str]) -> tuple[str, ...]:
    """As events name them, in the order of the note; `people` has the name of each."""
    known = _known(people)
    longest = sorted(known, key=len, reverse=True)
    plain = text.casefold()
    found = (_called(plain, call.end(), longest) for call in _CALL.finditer(plain))
    return tuple(dict.fromkeys(known[each] for each in found if each))[:MOST]


def _called(text: str, start: int, names: list[str]) -> str:
    """The longest name that stands there whole."""
    return next(
        (name for name in names if text.startswith(name, start) and _ends(text, start, name)), ""
    )


def _ends(text: str, start: int, name: str) -> bool:
    """Whether no other word goes on after the name; Chinese leaves no space between words."""
    after = text[start + len(name) : start + len(name) + 1]
    return not (name[-1:].isascii() and after.isascii() and (after.isalnum() or after == "_"))


def _known(people: Mapping[str, str]) -> dict[str, str]:
    """Each word that means one colleague and nobody else; ids come before names."""
    said = [(word, by) for by, name in people.items() for word in _words(name)]
    several = {word for word, number in Counter(word for word, _ in said).items() if number > 1}
    ids = {by.partition(":")[2].casefold(): by for by in people}
    return {word: by for word, by in said if word not in several} | ids


def _words(name: str) -> Iterator[str]:
    plain = " ".join(name.casefold().split())
    yield from {plain, plain.partition(" ")[0]} - {""}
