"""Which answer belongs to which payment?

By the end-to-end id alone, with the amount and the currency that were instructed, to the penny.
Nothing is guessed: what does not fit is `Unmatched`, with a sentence. An answer that says again
what is known is matched and not news, so that a bank may answer twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

import msgspec
from msgspec.structs import replace

from recovery.errors import Refused
from recovery.money import Money
from recovery.paying.records import Kind, Line, Result, Unmatched
from recovery.payout import PaymentState

BATCH = 1_000
"""Answers that are looked up at once."""


class Known(msgspec.Struct, frozen=True):
    """A payment that was instructed, and what has become of it so far."""

    money: Money
    state: PaymentState
    at: datetime
    """When it was instructed."""


class Matched(msgspec.Struct, frozen=True):
    """An answer that belongs to a payment; only news has to be recorded."""

    result: Result
    is_news: bool
    said_at: datetime | None = None
    """When, as the other side says, where that is before the payment was instructed."""


Lookup = Callable[[frozenset[str]], Mapping[str, Known]]
"""Payment ids to those that were instructed under them."""


def match(lines: Sequence[Line], lookup: Lookup) -> Iterator[Matched | Unmatched]:
    """One outcome for each line; what came back is told after what was paid."""
    ordered = iter(sorted(lines, key=_came_back))
    matcher = _Matcher()
    while batch := list(islice(ordered, BATCH)):
        known = lookup(frozenset(line.payment for line in batch if isinstance(line, Result)))
        for line in batch:
            yield line if isinstance(line, Unmatched) else matcher.judge(line, known)


def _came_back(line: Line) -> bool:
    return isinstance(line, Result) and line.kind == "reversed"


class _Matcher:
    """Remembers what this file has said so far."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, Kind], str] = {}
        self._states: dict[str, PaymentState] = {}

    def judge(self, result: Result, known: Mapping[str, Known]) -> Matched | Unmatched:
        found = known.get(result.payment)
        try:
            if found is None:
                raise Refused("No payment was instructed under this id.")
            state = self._states.get(result.payment, found.state)
            self._require_once(result)
            _require_fit(result, found, state)
        except Refused as why:
            return unmatched(result, str(why))
        self._said[result.payment, result.kind] = result.source
        is_news = (state, result.kind) in _NEWS
        if is_news and result.kind != "pending":
            self._states[result.payment] = result.kind
        # A bank that names only the day seems to have paid before it was asked.
        if result.at >= found.at:
            return Matched(result, is_news)
        return Matched(replace(result, at=found.at), is_news, said_at=result.at)

    def _require_once(self, result: Result) -> None:
        first = self._said.get((result.payment, result.kind))
        if first == result.source:
            raise Refused("This stands twice in the file.")
        if first is not None:
            raise Refused(f"The file says this twice, under {first} and {result.source}.")


_NEWS = frozenset({("instructed", "paid"), ("instructed", "failed"), ("paid", "reversed")})


def _require_fit(result: Result, known: Known, state: PaymentState) -> None:
    """Raises Refused where the answer says something else than what is known."""
    if result.money != known.money:
        raise Refused(f"{known.money} were instructed, and this says {result.money}.")
    match state, result.kind:
        case "instructed", "reversed":
            raise Refused("This came back before anybody said that it had been paid.")
        case "paid", "failed":
            raise Refused("This was reported as paid before, and now as not paid.")
        case "failed", "paid":
            raise Refused("This was reported as not paid before, and now as paid.")
        case "failed", "reversed":
            raise Refused("This was reported as not paid before, and now as come back.")
        case "reversed", "failed":
            raise Refused("This was paid and came back before, and is now reported as not paid.")


def unmatched(result: Result, reason: str) -> Unmatched:
    """The line as one that waits for somebody."""
    return Unmatched(
        reason=reason, where=result.source, payment=result.payment, money=result.money,
        at=result.at, kind=result.kind, code=result.reason,
    )  # fmt: skip
