"""Does a condition of a policy hold for a complaint?

Conditions are CEL expressions (https://cel.dev), compiled once. Names, functions and types are
checked when the policy is, so that a condition never fails when it runs: where a fact that it
needs was not told, it does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import islice, product

from recovery.policy.expressions import compiled
from recovery.policy.facts import Kind, Value, Vocabulary
from recovery.policy.sentences import Place, suggestion

LONGEST = 1_000
"""Characters: what people write is short, and nesting has to end somewhere."""
FUNCTIONS = (
    "date", "size", "contains", "startsWith", "endsWith", "matches", "timestamp", "duration",
    "int", "double", "string", "getFullYear", "getMonth", "getDate", "getDayOfWeek", "getHours",
    "getMinutes", "getSeconds",
)  # fmt: skip
"""Beside the operators of CEL and its macros has, all, exists, exists_one, map and filter."""
_BOUND = re.compile(r"\.\s*(?:all|exists|exists_one|map|filter)\s*\(\s*(\w+)\s*,")
_TEXTS = re.compile(r"'([^'\\]*)'|\"([^\"\\]*)\"")
_NUMBERS = re.compile(r"\d+(?:\.\d+)?")
_COMPARED = re.compile(r"\b(\w+)\s*(?:==|!=)\s*(?:(['\"])|(true|false)\b|(\d))")
_NUMERIC: tuple[Kind, ...] = ("number", "money")
_TRIALS = 512
_FAILURES = (RuntimeError, TypeError, ValueError)


class Condition:
    """A compiled expression. Immutable: threads may share it, and it is pickled by its text."""

    __slots__ = ("_dates", "_program", "names", "text")

    def __init__(self, text: str) -> None:
        """Raises ValueError where the text is no expression."""
        self.text = text
        self._program = compiled(text)
        bound = set(_BOUND.findall(text))
        self.names: tuple[str, ...] = tuple(n for n in self._program.variables() if n not in bound)
        self._dates = "date" in self._program.functions()

    def holds(self, values: Mapping[str, Value]) -> bool:
        """Whether it is true of these values; False where one that it needs is missing."""
        return self.answer(values) is True

    def answer(self, values: Mapping[str, Value]) -> bool | None:
        """Whether it is true of these values; None where one that decides is missing."""
        try:
            return self._run(values) is True
        except _FAILURES:
            return None

    def missing(self, values: Mapping[str, Value]) -> tuple[str, ...]:
        """The names that it asks for in vain."""
        return tuple(name for name in self.names if name not in values)

    def _run(self, values: Mapping[str, Value]) -> object:
        context: dict[str, object] = {n: _given(values[n]) for n in self.names if n in values}
        if self._dates:
            context["date"] = _date
        return self._program.execute(context)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Condition) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __reduce__(self) -> tuple[type[Condition], tuple[str]]:
        return Condition, (self.text,)

    def __repr__(self) -> str:
        return f"Condition({self.text!r})"


def condition(text: str, known: Vocabulary, place: Place, key: str = "condition") -> Condition:
    """The condition of this text; raises PolicyError where it could not run."""
    if len(text) > LONGEST:
        raise place.error(key, text, f"longer than {LONGEST} characters (shorten it)")
    try:
        found = Condition(text)
    except ValueError as error:
        raise place.error(key, text, f"not a condition: {_first_line(error)}") from None
    _check_names(found, known, place, key)
    _check_equalities(found, known, place, key)
    _try_out(found, known, place, key)
    return found


def _check_names(found: Condition, known: Vocabulary, place: Place, key: str) -> None:
    for name in found.names:
        if name not in known.kinds:
            way_out = suggestion(name, tuple(known.kinds))
            raise place.error(
                key, found.text,
                f'unknown name "{name}" ({way_out}; declare a fact under [facts], an attribute '
                f'of your own with attributes = ["{name}"])',
            )  # fmt: skip
    for name in compiled(found.text).functions():
        if name.isidentifier() and name not in FUNCTIONS:
            raise place.error(
                key, found.text, f'unknown function "{name}" ({suggestion(name, FUNCTIONS)})'
            )


def _check_equalities(found: Condition, known: Vocabulary, place: Place, key: str) -> None:
    """CEL calls things of different kinds unequal, and says no more; we do."""
    for name, text, answer, _ in _COMPARED.findall(found.text):
        kind = known.kinds.get(name)
        fits: tuple[Kind, ...] = ("text",) if text else ("yes or no",) if answer else _NUMERIC
        if kind is not None and kind not in fits:
            raise place.error(
                key, found.text, f'"{name}" is {_A[kind]} and is compared with {_A[fits[0]]}'
            )


def _try_out(found: Condition, known: Vocabulary, place: Place, key: str) -> None:
    """Run it over values of every kind that it compares: what can fail, fails here."""
    worked = False
    failure = ""
    for values in _trials(found, known):
        try:
            result = found._run(values)
        except (TypeError, ValueError):
            kinds = ", ".join(f"{name} is {_A[known.kinds[name]]}" for name in found.names)
            raise place.error(
                key, found.text, f"its parts do not go together ({kinds}; numbers are 1 or 1.5, "
                'texts "so", dates date("2026-04-01"))',
            ) from None  # fmt: skip
        except RuntimeError as error:
            failure = _first_line(error)
            continue
        if not isinstance(result, bool):
            raise place.error(key, found.text, "this is not a question of yes or no (compare it)")
        worked = True
    if not worked:
        raise place.error(key, found.text, f"it can never be answered: {failure}")


def _trials(found: Condition, known: Vocabulary) -> Iterator[dict[str, Value]]:
    samples = [_samples(known.kinds[name], found.text) for name in found.names]
    for values in islice(product(*samples), _TRIALS):
        yield dict(zip(found.names, values, strict=True))


def _samples(kind: Kind, text: str) -> tuple[Value, ...]:
    """Values of a kind: those that the text itself compares with, and some others."""
    numbers = tuple(Decimal(found) for found in _NUMBERS.findall(text)[:4])
    return {
        "text": ("", *(one or two for one, two in _TEXTS.findall(text)[:4])),
        "yes or no": (True, False),
        "number": (Decimal(-1), *numbers, Decimal(10**6)),
        "money": (Decimal("0.00"), *numbers, Decimal(10**6)),
        "date": (date(1950, 1, 1), date(2150, 1, 1)),
        "instant": (datetime(1950, 1, 1, tzinfo=UTC), datetime(2150, 1, 1, tzinfo=UTC)),
    }[kind]


_A: Mapping[Kind, str] = {
    "text": "a text", "yes or no": "a yes or no", "number": "a number", "money": "money",
    "date": "a date", "instant": "an instant",
}  # fmt: skip


def _given(value: Value) -> object:
    """A value as CEL takes it: dates as their first instant in UTC, numbers as doubles.

    Doubles order amounts of money rightly; sums are never done here but in the guarantees.
    """
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time(), UTC)
    return value


def _date(text: object) -> datetime | None:
    """The function of conditions: date("2026-04-01")."""
    try:
        return datetime.combine(date.fromisoformat(str(text)), time(), UTC)
    except ValueError:
        return None


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0].partition("ERROR: <input>:")[2] or str(error).splitlines()[0]
