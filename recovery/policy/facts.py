"""Which names may a policy's conditions ask for, and what is each worth for a complaint?

Facts and attributes are told as text. A policy says what each fact is: a text, a yes or no, a
number, money, a date or an instant; what cannot be read as that is as good as not told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, get_args

from recovery.policy.records import FactRule
from recovery.policy.values import FIRST_YEAR, LAST_YEAR

Kind = Literal["text", "yes or no", "number", "money", "date", "instant"]
KINDS_OF_FACT: tuple[Kind, ...] = get_args(Kind)
Value = str | bool | Decimal | date | datetime
CORE_NAMES = ("channel", "severity", "tier", "category", "product", "language", "outcome")
"""Attributes that every complaint has."""
ALWAYS_FACTS: Mapping[str, Kind] = {
    "occurred_on": "date", "as_of": "date", "price": "money", "loss": "money",
    "claimed": "yes or no", "passengers": "number", "nation": "text", "cause": "text",
}  # fmt: skip
"""Facts that may stand on any incident; a policy may declare them with a default of its own."""
_YES_OR_NO = {"true": True, "yes": True, "false": False, "no": False}


class Vocabulary:
    """The names that a policy knows. Immutable; may be shared between threads."""

    def __init__(self, facts: Mapping[str, FactRule], attributes: Iterable[str] = ()) -> None:
        told: dict[str, Kind] = dict.fromkeys((*CORE_NAMES, *attributes), "text")
        declared: dict[str, Kind] = {name: rule.type for name, rule in facts.items()}
        self.kinds: Mapping[str, Kind] = {**ALWAYS_FACTS, **told, **declared}
        self._defaults: dict[str, Value | None] = dict.fromkeys(told, "")
        self._texts: dict[str, str] = {}
        for name, rule in facts.items():
            if rule.default is not None:
                self._defaults[name] = default_of(rule)
                self._texts[name] = written(rule)

    def text(self, name: str, told: Mapping[str, str]) -> str:
        """What was told of a name, or its default, as it is written."""
        return told.get(name) or self._texts.get(name, "")

    def value(self, name: str, told: Mapping[str, str]) -> Value | None:
        """What a name is worth; None where it is not told, or cannot be read, and has no default.

        `told` holds the complaint's attributes and the facts of its incident together.
        """
        given = told.get(name)
        found = read(self.kinds[name], given) if given else None
        return self._defaults.get(name) if found is None else found

    def values(self, told: Mapping[str, str]) -> dict[str, Value]:
        """Every name that is worth something."""
        found = ((name, self.value(name, told)) for name in self.kinds)
        return {name: value for name, value in found if value is not None}


def read(kind: Kind, text: str) -> Value | None:
    """The value that a text means; None where it cannot mean one."""
    try:
        match kind:
            case "text":
                return text
            case "yes or no":
                return _YES_OR_NO.get(text.strip().lower())
            case "number" | "money":
                number = Decimal(text)
                return number if number.is_finite() else None
            case "date":
                day = date.fromisoformat(text[:10] if "T" in text else text)
                return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
            case "instant":
                return _instant(text)
    except (ValueError, InvalidOperation):
        return None


def default_of(rule: FactRule) -> Value | None:
    """The value of a fact that nobody told; None where its rule has none that can be read."""
    given: Any = rule.default
    if rule.type == "yes or no":
        return given if isinstance(given, bool) else None
    if isinstance(given, bool) or (rule.type == "text" and not isinstance(given, str)):
        return None
    return read(rule.type, written(rule))


def written(rule: FactRule) -> str:
    """The default of a fact as one would tell it."""
    given: Any = rule.default
    if isinstance(given, bool):
        return "true" if given else "false"
    return given.isoformat() if isinstance(given, date) else str(given)


def _instant(text: str) -> datetime | None:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        return None
    return found.astimezone(UTC)
