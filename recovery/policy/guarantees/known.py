"""What is known of a case, in the types that a calculation needs?

Asking for what was not told, or cannot be meant, ends the assessment with the name of the fact:
money is never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec

from recovery.money import LARGEST
from recovery.policy.calendar import local_day
from recovery.policy.clocks import Clock
from recovery.policy.conditions import Condition
from recovery.policy.facts import Value, Vocabulary, read
from recovery.policy.guarantees.trace import NotOwed
from recovery.policy.marks import claim_of

Moment = date | datetime
LAST_SECOND = time(23, 59, 59)


class Earlier(msgspec.Struct, frozen=True):
    """What the same complainant was owed before, on another complaint."""

    guarantee: str
    on: date
    amount: Decimal
    complaint: str = ""
    occurrence: str = ""


class Case(msgspec.Struct, frozen=True):
    """One complaint as guarantees see it."""

    told: Mapping[str, str]
    """The complaint's attributes and the facts of its incident together."""
    clocks: tuple[Clock, ...] = ()
    received_at: datetime | None = None
    paid: Mapping[tuple[str, str], date] = {}
    """When each (guarantee, occurrence) was paid."""
    earlier: tuple[Earlier, ...] = ()


class Known:
    """A case as of an instant: facts by name, read once; and the moments of an occurrence."""

    __slots__ = ("_days", "_told", "_values", "_vocabulary", "as_of", "case", "moments", "today",
                 "zone")  # fmt: skip

    def __init__(self, case: Case, vocabulary: Vocabulary, zone: ZoneInfo, as_of: datetime) -> None:
        self.case = case
        self.zone = zone
        self.as_of = as_of
        self.today = date.fromordinal(local_day(zone, as_of))
        self.moments: dict[str, Moment] = {}
        self._vocabulary = vocabulary
        self._told = case.told
        self._values: dict[str, Value | None] = {}
        self._days: dict[str, date] = {}

    def look_at(self, moments: dict[str, Moment]) -> None:
        """Turn to another occurrence."""
        self.moments = moments
        self._days.clear()

    def told(self, name: str) -> bool:
        """Whether somebody said it, whatever the policy takes it to be otherwise."""
        return bool(self._told.get(name))

    def value(self, name: str) -> Value | None:
        if name in self._values:
            return self._values[name]
        found = self._values[name] = self._vocabulary.value(name, self._told)
        return found

    def need(self, name: str) -> Value:
        found = self.value(name)
        if found is None:
            raise NotOwed("missing", name)
        return found

    def holds(self, condition: Condition) -> bool:
        """Raises NotOwed with the names that were not told where they decide."""
        values = {n: v for n in condition.names if (v := self.value(n)) is not None}
        answer = condition.answer(values)
        if answer is None:
            raise NotOwed("missing", *condition.missing(values))
        return answer

    def amount(self, name: str) -> Decimal:
        """Money or a quantity: a number that is not negative and not absurd."""
        found = self.need(name)
        if not isinstance(found, Decimal) or not 0 <= found < LARGEST:
            raise NotOwed("unusable", name)
        return found

    def number(self, name: str) -> Decimal:
        found = self.need(name)
        if not isinstance(found, Decimal):
            raise NotOwed("unusable", name)
        return found

    def moment(self, name: str) -> Moment | None:
        """A moment of the occurrence, or a date or an instant among the facts."""
        if name in self.moments:
            return self.moments[name]
        if name == "received":
            return self.case.received_at
        found = self.value(name)
        return found if isinstance(found, date) else None

    def day(self, name: str) -> date | None:
        """The local day of a moment."""
        known = self._days.get(name)
        if known is not None:
            return known
        found = self.moment(name)
        if isinstance(found, datetime):
            found = date.fromordinal(local_day(self.zone, found))
        if found is not None:
            self._days[name] = found
        return found

    def claimed_on(self, guarantee: str) -> date | None:
        """The day on which this guarantee was claimed by its name."""
        told = self._told.get(claim_of(guarantee))
        at = read("instant", told) if told else None
        return date.fromordinal(local_day(self.zone, at)) if isinstance(at, datetime) else None

    def text(self, name: str) -> str:
        """What was told of a name, as it is written."""
        return self._vocabulary.text(name, self._told)

    def instant(self, name: str) -> datetime | None:
        """A moment as an instant; raises NotOwed where only its day is known."""
        found = self.moment(name)
        if found is not None and not isinstance(found, datetime):
            raise NotOwed("missing", name)
        return found


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The last second (UTC) of a local day."""
    return datetime.combine(day, LAST_SECOND, zone).astimezone(UTC)
