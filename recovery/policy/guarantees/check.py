"""Do the guarantees of a policy version make sense? What no type can say.

Everything that could go wrong with money goes wrong here, when the policy is checked, with a
sentence that names the table, the key, the value and the way out.
"""

from __future__ import annotations

import re
from datetime import date

from recovery.money import CURRENCIES
from recovery.policy.facts import Vocabulary
from recovery.policy.guarantees.check_terms import check_terms
from recovery.policy.guarantees.names import ANY, DAY, NUMBER, Names
from recovery.policy.guarantees.records import Guarantee, Yearly
from recovery.policy.sentences import Place, suggestion

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_YEAR_DAY = re.compile(r"\d\d-\d\d")


def check_guarantees(
    rules: tuple[Guarantee, ...],
    *,
    clocks: tuple[str, ...],
    calendars: tuple[str, ...],
    vocabulary: Vocabulary,
    place: Place,
) -> None:
    """Raises PolicyError at the first thing that cannot work."""
    for index, rule in enumerate(rules):
        at = place.at("guarantee", rule.name)
        earlier = rules[:index]
        if not _NAME.fullmatch(rule.name):
            raise at.error("name", rule.name, "not a name (small letters, digits, underscores)")
        if any(rule.name == other.name for other in earlier):
            raise at.error("name", rule.name, "a second guarantee of this name (rename one)")
        _check_currency(rule, vocabulary, at)
        _check_trigger(rule, clocks, earlier, at)
        _check_harm(rule, earlier, at)
        _check_rules(rule, Names(rule, vocabulary, calendars, at), at)


def _check_currency(rule: Guarantee, vocabulary: Vocabulary, place: Place) -> None:
    if rule.currency not in CURRENCIES:
        raise place.error("currency", rule.currency, 'not a currency code (write "GBP")')
    if rule.currency_by and vocabulary.kinds.get(rule.currency_by) != "text":
        raise place.error(
            "currency_by", rule.currency_by, "not a fact that is a text (declare it under [facts])"
        )


def _check_trigger(
    rule: Guarantee, clocks: tuple[str, ...], earlier: tuple[Guarantee, ...], place: Place
) -> None:
    if rule.clock and rule.clock not in clocks:
        way_out = suggestion(rule.clock, clocks) if clocks else "this version has none"
        raise place.error("clock", rule.clock, f"unknown clock ({way_out})")
    if rule.at == "answer" and not rule.clock:
        raise place.error("at", rule.at, "only a clock is answered (name a clock, or remove it)")
    if rule.unpaid:
        _check_unpaid(rule, earlier, place)
    if not (rule.clock or rule.unpaid or rule.when or rule.claim):
        raise place.error(
            "when", None, "nothing says when it is owed (add a clock, a condition or a claim)"
        )
    if rule.kind == "unconditional" and (rule.clock or rule.when or rule.exclusions):
        raise place.error(
            "kind", rule.kind, "it has conditions (remove clock, when and exclusions, or say "
            '"attribute" or "combined")',
        )  # fmt: skip


def _check_unpaid(rule: Guarantee, earlier: tuple[Guarantee, ...], place: Place) -> None:
    names = tuple(other.name for other in earlier)
    late = next((other for other in earlier if other.name == rule.unpaid), None)
    if late is None:
        way_out = suggestion(rule.unpaid, names) if names else "it has to stand before this one"
        raise place.error("unpaid", rule.unpaid, f"unknown guarantee ({way_out})")
    if late.pay_by is None:
        raise place.error("unpaid", rule.unpaid, "it is never late (give it a pay_by)")
    if late.harm:
        raise place.error("unpaid", rule.unpaid, "only the greatest of its harm is paid (choose)")
    if rule.clock:
        raise place.error("clock", rule.clock, "it follows another guarantee already (choose)")


def _check_harm(rule: Guarantee, earlier: tuple[Guarantee, ...], place: Place) -> None:
    if rule.harm and rule.currency_by:
        raise place.error("harm", rule.harm, "currencies cannot be compared (remove currency_by)")
    for other in earlier:
        if rule.harm and other.harm == rule.harm and other.currency != rule.currency:
            raise place.error(
                "harm", rule.harm,
                f'"{other.name}" pays in {other.currency} (currencies cannot be compared)',
            )  # fmt: skip


def _check_rules(rule: Guarantee, names: Names, place: Place) -> None:
    names.condition("when", rule.when, place)
    for exclusion in rule.exclusions:
        names.condition("when", exclusion.when, place.at("exclusion", exclusion.reason))
    for reduction in rule.reductions:
        at = place.at("reduction", reduction.reason)
        names.condition("when", reduction.when, at)
        if reduction.to >= 1:
            raise at.error("to", f"{reduction.to:%}", "not less (write a share below 100 %)")
    _check_dates(rule, names, place)
    if rule.for_each:
        names.fact("for_each", rule.for_each, NUMBER, place)
    if rule.times < 0:
        raise place.error("times", rule.times, "less than 0 (leave it out for no limit)")
    if rule.a_year is not None:
        _check_year(rule.a_year, place.at("a_year", ""))
    check_terms(rule, names, place)


def _check_dates(rule: Guarantee, names: Names, place: Place) -> None:
    if len(rule.in_order) == 1:
        raise place.error("in_order", rule.in_order, "one date is always in order (name two)")
    for name in rule.together:
        names.fact("together", name, ANY, place)
    for name in rule.in_order:
        names.fact("in_order", name, DAY, place)
    if rule.claim is not None:
        at = place.at("claim", "")
        if (rule.claim.within is None) != (not rule.claim.after):
            raise at.error("within", None, 'within and after go together (after = "occurred_on")')
        if rule.claim.within is not None:
            names.days("within", rule.claim.within, rule.claim.calendar, at)
            names.fact("after", rule.claim.after, DAY, at)
    if rule.pay_by is not None:
        at = place.at("pay_by", "")
        names.days("within", rule.pay_by.within, rule.pay_by.calendar, at)
        names.fact("after", rule.pay_by.after, DAY, at)


def _check_year(rule: Yearly, place: Place) -> None:
    if rule.times < 0 or not (rule.times or rule.amount):
        raise place.error("times", rule.times, "no limit (write times = 5, or an amount)")
    try:
        if not _YEAR_DAY.fullmatch(rule.starts):
            raise ValueError
        date.fromisoformat(f"2001-{rule.starts}")
    except ValueError:
        raise place.error(
            "starts", rule.starts, 'not a day of every year (write month and day: "04-01")'
        ) from None
