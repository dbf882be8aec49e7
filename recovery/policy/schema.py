"""Is this text a policy, and if not, what would be right?

`parse` reads the TOML into the records of `records.py`; `check` asks what types cannot say. Each
refusal is one sentence that names the file, the table, the key, the value and the way out.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import msgspec

from recovery.policy.authority import Budget, Limit
from recovery.policy.check import check
from recovery.policy.guarantees.records import TABLES as GUARANTEE_TABLES
from recovery.policy.records import (
    Calendar,
    ClockRule,
    Escalation,
    Example,
    FactRule,
    HolidaySet,
    Pause,
    Policy,
    Target,
    Version,
)
from recovery.policy.sentences import Place, PolicyError, suggestion
from recovery.policy.values import value_of

__all__ = ["PolicyError", "parse"]

_TABLES: dict[str, type[msgspec.Struct]] = {
    "facts": FactRule,
    "calendar": Calendar,
    "holidays": HolidaySet,
    "version": Version,
    "clock": ClockRule,
    "target": Target,
    "escalation": Escalation,
    "pauses": Pause,
    "example": Example,
    "authority": Limit,
    "budget": Budget,
}
_TABLES |= GUARANTEE_TABLES
_STEP = re.compile(r"([a-z_]+)|\[(\d+|\.\.\.)\]")
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`")
_MISSING = re.compile(r"Object missing required field `(.+)`")
_EXPECTED = re.compile(r"Expected `(.+?)`(?:, got `(.+)`)?")
_TYPES = {
    "str": "a text", "int": "a whole number", "float": "a number", "bool": "true or false",
    "array": "a list", "object": "a table", "date": "a date like 2026-04-01",
    "time": "a time like 17:00:00", "null": "nothing",
}  # fmt: skip


def parse(text: str, file: str = "policy") -> Policy:
    """The policy that the text says; raises PolicyError."""
    place = Place(file)
    try:
        tree = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise PolicyError(f"policy {file}: this is not TOML: {error}", field="text") from None
    try:
        policy = msgspec.convert(tree, Policy, dec_hook=value_of)
    except msgspec.ValidationError as error:
        raise _explained(str(error), tree, place) from None
    check(policy, place)
    return policy


def _explained(message: str, tree: dict[str, Any], place: Place) -> PolicyError:
    """The sentence for a msgspec error such as "Expected `str`, got `int` - at `$.version[0]`"."""
    why, _, path = message.partition(" - at ")
    table: type[msgspec.Struct] = Policy
    node: Any = tree
    parent, key = tree, ""
    for name, index in _STEP.findall(path):
        if name:
            parent, key = node, name
            node = node.get(name) if isinstance(node, dict) else None
        elif index.isdigit() and isinstance(node, list):
            node = node[int(index)]
        elif index and key in _TABLES and isinstance(node, dict):
            index = _refused(node, _TABLES[key])
            node = node[index]
        if (
            isinstance(node, dict)
            and (index or key != "facts")
            and key in _TABLES
            and table is not _TABLES[key]
        ):
            table = _TABLES[key]
            number = str(int(index) + 1) if index.isdigit() else index
            place = place.at(key, str(node.get("name", number)))
    if found := _UNKNOWN.match(why):
        known = tuple(field.encode_name for field in msgspec.structs.fields(table))
        key = found[1] or '""'
        return place.error(key, node[found[1]], f"unknown key ({suggestion(found[1], known)})")
    if found := _MISSING.match(why):
        return place.error(found[1], None, "missing (this key is needed here)")
    given = node if node is not parent else None
    if why.startswith("Invalid enum value"):
        way_out = suggestion(str(given), _choices(get_type_hints(table), table, key))
        return place.error(key, given, f"unknown ({way_out})")
    return place.error(key or "the file", given, _wanted(why))


def _choices(hints: dict[str, Any], table: type[msgspec.Struct], key: str) -> tuple[str, ...]:
    """The texts that a key may have."""
    names = {field.encode_name: field.name for field in msgspec.structs.fields(table)}
    return tuple(_texts(hints.get(names.get(key, key))))


def _texts(kind: Any) -> Iterator[str]:
    for part in get_args(kind):
        if isinstance(part, str):
            yield part
        else:
            yield from _texts(part)


def _refused(tables: dict[str, Any], table: type[msgspec.Struct]) -> str:
    """Which of the named tables does not fit: msgspec does not say."""
    for name, found in tables.items():
        try:
            msgspec.convert(found, table, dec_hook=value_of)
        except msgspec.ValidationError:
            return name
    return next(iter(tables))


def _wanted(why: str) -> str:
    if found := _EXPECTED.match(why):
        names = " or ".join(_TYPES.get(name.strip(), name) for name in found[1].split("|"))
        return f"this must be {names}"
    return why[0].lower() + why[1:]
