"""Which names may a guarantee use, and for what?

A checker collects what a guarantee's place in the file offers: facts by their type, the moments
of its trigger, calendars. Each question raises PolicyError with the way out.
"""

from __future__ import annotations

from collections.abc import Mapping

from recovery.policy.conditions import condition
from recovery.policy.facts import Kind, Vocabulary
from recovery.policy.guarantees.records import Guarantee
from recovery.policy.sentences import Place, suggestion
from recovery.policy.values import Amount, quoted

TIER = "tier"
MONEY: tuple[Kind, ...] = ("money",)
NUMBER: tuple[Kind, ...] = ("number",)
DAY: tuple[Kind, ...] = ("date", "instant")
ANY: tuple[Kind, ...] = ("text", "yes or no", "number", "money", "date", "instant")
INSTANT: tuple[Kind, ...] = ("instant",)


class Names:
    """What the tables of one guarantee may refer to."""

    def __init__(
        self, rule: Guarantee, vocabulary: Vocabulary, calendars: tuple[str, ...], place: Place
    ) -> None:
        self.place = place
        self._rule = rule
        self._vocabulary = vocabulary
        self._calendars = calendars
        self._moments: Mapping[str, Kind] = _moments(rule)

    def condition(self, key: str, text: str, place: Place) -> None:
        """Refuses what could not run; and a statutory amount that depends on the tier."""
        if not text:
            return
        found = condition(text, self._vocabulary, place, key)
        if self._rule.basis == "statute" and TIER in found.names:
            raise place.error(
                key, text, "what the law grants does not depend on the complainant's tier "
                '(leave "tier" out, or say basis = "promise")',
            )  # fmt: skip

    def fact(self, key: str, name: str, kinds: tuple[Kind, ...], place: Place) -> None:
        """The name of a fact of one of these types, or of a moment where moments have it."""
        offered = dict(self._vocabulary.kinds)
        if kinds in (DAY, INSTANT):
            offered |= self._moments
        if offered.get(name) not in kinds:
            known = tuple(other for other, kind in offered.items() if kind in kinds)
            way_out = suggestion(name, known) if known else "this policy declares none"
            what = f'not {_A[kinds[0]]} (declare it under [facts] with type = "{kinds[0]}"'
            raise place.error(key, name, f"{what}; {way_out})")

    def amount(self, key: str, amount: Amount | None, calendar: str, place: Place) -> None:
        """Time in a unit that can be counted, by a calendar that there is."""
        if calendar and calendar not in self._calendars:
            raise place.error(
                "calendar", calendar, f"unknown calendar ({suggestion(calendar, self._calendars)})"
            )
        if amount is None or not amount.in_business_time:
            return
        if not calendar and len(self._calendars) != 1:
            way_out = (
                f"use one of {quoted(self._calendars)}"
                if self._calendars
                else "add a [[calendar]] to the file"
            )
            raise place.error("calendar", None, f'missing: "{amount}" needs one ({way_out})')

    def days(self, key: str, amount: Amount, calendar: str, place: Place) -> None:
        if not amount.in_days:
            raise place.error(key, str(amount), 'not in days (write "10 business days")')
        self.amount(key, amount, calendar, place)


def _moments(rule: Guarantee) -> dict[str, Kind]:
    """The moments that the guarantee's trigger gives, beside the dates among the facts."""
    found: dict[str, Kind] = {"received": "instant"}
    if rule.clock:
        found |= {"breach": "instant", "answer": "instant"}
    if rule.claim is not None:
        found["claim"] = "date"
    if rule.unpaid:
        found["pay_by"] = "date"
    return found


_A: Mapping[Kind, str] = {
    "text": "a text", "yes or no": "a yes or no", "number": "a fact that is a number",
    "money": "a fact that is money", "date": "a date or an instant", "instant": "an instant",
}  # fmt: skip
