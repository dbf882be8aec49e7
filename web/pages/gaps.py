"""How is a part of a page drawn once, although a few of its words differ from page to page?

It is drawn with gaps in place of those words, cut there and kept. Each page puts its own words in;
they are escaped then, and never kept.
"""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup, escape

EDGE = "\0"
"""Around the name of a gap: no text of ours or in the database has a NUL."""


def gap(name: str) -> Markup:
    """What a template is given in place of words that are not known yet."""
    return Markup(f"{EDGE}{name}{EDGE}")  # noqa: S704 (a name of ours)


class Drawn:
    """A part of a page with its gaps."""

    def __init__(self, drawn: str) -> None:
        self._pieces = drawn.split(EDGE)
        self._gaps = list(enumerate(self._pieces))[1::2]

    def filled(self, words: Mapping[str, str]) -> Markup:
        """With these words in the gaps of the same name."""
        pieces = self._pieces.copy()
        for place, name in self._gaps:
            pieces[place] = escape(words[name])
        return Markup("".join(pieces))  # noqa: S704 (a template, and words that are escaped)
