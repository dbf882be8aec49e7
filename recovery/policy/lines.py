"""On which line of a policy's text does an error lie?

A parsed policy no longer knows its lines, so the text is looked through once more: for the headers
of tables and the keys under them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from recovery.policy.sentences import PolicyError

_NOT_TOML = re.compile(r"this is not TOML: .*\(at line (\d+), column \d+\)")
_HEADER = re.compile(r"\s*\[\[?\s*([\w.\"'-]+)\s*\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"\s*[\"']?([\w-]+)[\"']?\s*(?:\.[^=]*)?=\s*(.*)")
_TEXT = re.compile(r"\"([^\"]*)\"|'([^']*)'")
_NAMES = ("name", "id")
"""By which sentences call a table: clocks and versions by the one, examples by the other."""
_LONG_TEXT = re.compile(r'"""|\'\'\'')


@dataclass
class Table:
    """A table of the text: the path of its header, and on which line (from 1) each key stands."""

    path: tuple[str, ...]
    line: int
    keys: dict[str, int] = field(default_factory=dict)
    name: str = ""


def line_of(text: str, error: PolicyError) -> int | None:
    """The line, counted from 1; None where the sentence points at nothing in the text."""
    if found := _NOT_TOML.search(str(error)):
        return min(int(found[1]), text.count("\n") + 1)
    tables = list(_tables(text))
    place, within = tables[0], tables[1:]
    keys = error.field.split(".")
    for kind, name in error.tables:
        candidates = [table for table in within if table.path[-1] == kind]
        if not candidates:  # written in one line, as a key of the table around it
            keys = [kind, *keys]
            break
        place = _named(candidates, name)
        within = _below(place, within)
    return _key_line(keys, place, within)


def _named(candidates: Sequence[Table], name: str) -> Table:
    """The one of this name; one without a name is called by its number."""
    for table in candidates:
        if name in (table.name, table.path[-1]):
            return table
    number = int(name) if name.isdecimal() and len(name) < 6 else 1
    return candidates[min(max(number, 1), len(candidates)) - 1]


def _below(place: Table, tables: Sequence[Table]) -> list[Table]:
    """The tables inside this one: those after its header, as long as they are deeper."""
    found = []
    for table in tables[tables.index(place) + 1 :]:
        if len(table.path) <= len(place.path):
            break
        found.append(table)
    return found


def _key_line(parts: Sequence[str], place: Table, within: Sequence[Table]) -> int | None:
    for part in (parts[0], parts[-1]):
        if part in place.keys:
            return place.keys[part]
    inside = [table for table in within if table.path[-1] == parts[0]]
    if inside:
        table = _repeated(inside)
        return table.keys.get(parts[-1], table.line)
    return place.line or None


def _repeated(tables: Sequence[Table]) -> Table:
    """The first whose name was there before or is empty: what a sentence about names means."""
    seen: set[str] = set()
    for table in tables:
        if not table.name.strip() or table.name in seen:
            return table
        seen.add(table.name)
    return tables[0]


def _tables(text: str) -> Iterator[Table]:
    """The text's head, then each table, in the order in which they stand."""
    table = Table((), 0)
    in_text = ""
    for number, line in enumerate(text.split("\n"), 1):
        for mark in _LONG_TEXT.findall(line):
            in_text = "" if in_text == mark else in_text or mark
        if in_text:
            continue
        if header := _HEADER.fullmatch(line):
            yield table
            path = tuple(part.strip("\"' ") for part in header[1].split("."))
            table = Table(path, number)
        elif key := _KEY.match(line):
            table.keys.setdefault(key[1], number)
            if key[1] in _NAMES and not table.name and (value := _TEXT.match(key[2])):
                table.name = value[1] or value[2] or ""
    yield table
