"""How do words of markup become lines?

Blocks begin on a line of their own, paragraphs stand apart by an empty line, quotations carry `> `
as in plain mail. Pieces are joined once, so that a line may consist of any number of them.
"""

from __future__ import annotations

import re

_SPACES = re.compile(r"[ \t\r\n\f\u00a0\u200b\ufeff]+")
_DEEPEST = 5


class Lines:
    """Lines being written."""

    def __init__(self) -> None:
        self.quoted = 0
        """How many quotations the coming words lie in."""
        self._done: list[str] = []
        self._pieces: list[str] = []
        self._prefix = ""

    def say(self, text: str) -> None:
        """Words that flow; white space is one blank, and none at the start of a line."""
        flowing = _SPACES.sub(" ", text)
        if not self._pieces or self._pieces[-1].endswith(" "):
            flowing = flowing.removeprefix(" ")
        self.put(flowing)

    def put(self, text: str) -> None:
        """Words as they are, on this line."""
        if text:
            if not self._pieces:
                self._prefix = "> " * min(self.quoted, _DEEPEST)
            self._pieces.append(text)

    def keep(self, text: str) -> None:
        """Words with their own line ends."""
        first, *rest = text.split("\n")
        self.put(first)
        for line in rest:
            self.end()
            self.put(line)

    def end(self) -> None:
        """The line ends here, also when it is empty."""
        line = "".join(self._pieces).rstrip() if self._pieces else ""
        prefix = self._prefix if self._pieces else "> " * min(self.quoted, _DEEPEST)
        self._done.append((prefix + line).rstrip())
        self._pieces = []

    def start_block(self, *, apart: bool) -> None:
        """The next words stand on a new line, after an empty one if they stand apart."""
        if self._pieces:
            self.end()
        if apart and self._done and self._done[-1].strip("> "):
            self._done.append(("> " * min(self.quoted, _DEEPEST)).rstrip())

    def mark(self) -> int:
        """A place on the line, for `since`."""
        return len(self._pieces)

    def since(self, mark: int) -> str:
        """What was said on this line since then, as far as it matters for a link."""
        return "".join(self._pieces[mark : mark + 20]).strip()

    def is_blank(self) -> bool:
        return not self._pieces

    def text(self) -> str:
        self.start_block(apart=False)
        return re.sub(r"\n(?:[> ]*\n){2,}", "\n\n", "\n".join(self._done)).strip("\n")
