"""Which column of this file does each part of the mapping mean, and what is left over?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from recovery.text import clean
from web.importing.mapping import Attribute, Columns
from web.importing.mapping import Mapping as Rules
from web.importing.readers import Unreadable, normalise

Cells = Mapping[str, str]
LONGEST_CODE = 200
"""Characters of a code that stands in an event."""
MOST_ZEROS = 2
"""Leading zeros put back at most: US ZIP codes begin with no more (00501)."""


class Binding:
    """A mapping applied to the columns of one file."""

    def __init__(self, rules: Rules, columns: Iterable[str]) -> None:
        self._written = {normalise(name): name.strip() for name in columns if normalise(name)}
        self._ignored = {normalise(name) for name in rules.ignore}
        self._used: set[str] = set()
        if self.column(rules.received) is None:
            raise Unreadable(
                f"The mapping needs a column {_either(rules.received)}; "
                f"the file has {_listed(self._written.values())}."
            )

    def column(self, names: Columns) -> str | None:
        """The normalised name of the first of these that the file has."""
        return next(iter(self.columns(names)), None)

    def columns(self, names: Columns) -> tuple[str, ...]:
        """All of these that the file has, normalised."""
        wanted = dict.fromkeys(normalise(name) for name in names)
        self._used |= wanted.keys()
        return tuple(name for name in wanted if name in self._written)

    def written(self, name: str) -> str:
        """The column's name as the file has it."""
        return self._written[name]

    @property
    def left_over(self) -> tuple[str, ...]:
        """Columns that nothing in the mapping asked for."""
        left_out = self._used | self._ignored
        return tuple(written for name, written in self._written.items() if name not in left_out)

    @property
    def taken(self) -> tuple[str, ...]:
        """Columns that the mapping asked for and the file has, normalised, in a fixed order."""
        return tuple(sorted(self._used & self._written.keys()))


class Code:
    """Reads one code from a row: tidied, respelt, checked; says what is odd about it."""

    def __init__(self, name: str, rules: Attribute, column: str) -> None:
        self.name = name
        self.column = column
        self._respelt = {normalise(k): v for k, v in rules.values.items()}
        self._known = frozenset(rules.known)
        self._pad = rules.pad
        self.read: Callable[[str], tuple[str, tuple[str, ...]]] = lru_cache(50_000)(self._read)

    def _read(self, text: str) -> tuple[str, tuple[str, ...]]:
        """The code, and flags."""
        code, cut = tidy(text)
        flags = (f"cut_{self.name}",) if cut else ()
        code = self._respelt.get(normalise(code), code)
        if self._pad and 0 < len(code) < self._pad:
            short = len(code) < self._pad - MOST_ZEROS
            flags = (*flags, f"{'short' if short else 'padded'}_{self.name}")
            code = code if short else code.zfill(self._pad)
        if self._known and code and code not in self._known:
            flags = (*flags, f"unknown_{self.name}")
        return code, flags


def line(text: str) -> str:
    """On one line, without control characters."""
    return " ".join(clean(text, field="", limit=len(text) * 4).split())


def tidy(text: str) -> tuple[str, bool]:
    """On one line and no longer than a code; whether it was cut for that."""
    found = line(text)
    return found[:LONGEST_CODE], len(found) > LONGEST_CODE


def _either(names: Columns) -> str:
    return " or ".join(f"“{name}”" for name in names)


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    more = f" and {len(found) - 20} more" if len(found) > 20 else ""
    return ", ".join(f"“{name[:60]}”" for name in found[:20]) + more
