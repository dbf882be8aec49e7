"""Can each line of a guarantee's calculation be worked out?"""

from __future__ import annotations

from decimal import Decimal

from recovery.money import minor_unit
from recovery.policy.guarantees.names import DAY, INSTANT, MONEY, NUMBER, Names
from recovery.policy.guarantees.records import UNPAID, Accrual, Guarantee, Steps, Term
from recovery.policy.guarantees.values import Pay
from recovery.policy.sentences import Place


def check_terms(rule: Guarantee, names: Names, place: Place) -> None:
    """Raises PolicyError at the first line that cannot be worked out."""
    if not rule.terms:
        raise place.error("amount", None, 'missing (write amount = [{ pays = "10.00" }])')
    _check_bounds(rule, rule.at_least, rule.at_most, place)
    _check_rates(rule, names, place)
    for number, term in enumerate(rule.terms, 1):
        at = place.at("amount", str(number))
        names.condition("when", term.when, at)
        if rule.take == "first" and not term.when and number < len(rule.terms):
            raise at.error("when", None, 'the lines after it are never reached (say take = "sum")')
        _check_pays(rule, term, names, at)
        _check_bounds(rule, term.at_least, term.at_most, at)
        if term.accrues is not None and term.steps is not None:
            raise at.error("steps", None, "it accrues already (choose one)")
        if term.accrues is not None:
            _check_accrual(term.accrues, names, at.at("accrues", ""))
        if term.steps is not None:
            _check_steps(term.steps, names, at.at("steps", ""))


def _check_bounds(
    rule: Guarantee, at_least: Decimal | None, at_most: Decimal | None, place: Place
) -> None:
    for key, bound in (("at_least", at_least), ("at_most", at_most)):
        if bound is not None:
            _check_price(rule, key, bound, place)
    if at_least is not None and at_most is not None and at_least > at_most:
        raise place.error("at_least", str(at_least), f"more than at_most, {at_most}")


def _check_price(rule: Guarantee, key: str, price: Decimal, place: Place) -> None:
    """A rate may be finer than the currency's minor unit, an amount by itself may not."""
    if price != price.quantize(minor_unit(rule.currency)):
        places = -int(minor_unit(rule.currency).as_tuple().exponent)
        raise place.error(key, str(price), f"{rule.currency} has {places} decimal places")


def _check_rates(rule: Guarantee, names: Names, place: Place) -> None:
    used = any(pays.is_rate for term in rule.terms for pays in _pays(term))
    if used and not rule.rates:
        raise place.error("rates", None, 'missing (write rates = { 2026-04-01 = "8.40" })')
    if rule.rates and not used:
        raise place.error("rates", None, 'no line pays them (write pays = "rate")')
    if used or rule.rates_by:
        names.fact("rates_by", rule.rates_by, DAY, place)


def _pays(term: Term) -> tuple[Pay, ...]:
    own = () if term.pays is None else (term.pays,)
    return own + tuple(tier.pays for tier in term.tiers)


def _check_pays(rule: Guarantee, term: Term, names: Names, place: Place) -> None:
    if (term.pays is None) != bool(term.tiers):
        raise place.error("pays", term.pays, "say what it pays, or give tiers (one of the two)")
    if bool(term.by) != bool(term.tiers):
        raise place.error("by", term.by or None, "by and tiers go together")
    if term.tiers:
        names.fact("by", term.by, NUMBER, place)
        _check_tiers(term, place)
    shares = [pays for pays in _pays(term) if pays.share is not None]
    if bool(shares) != bool(term.of):
        raise place.error("of", term.of or None, 'a share is of something (of = "price")')
    if term.of == UNPAID and not rule.unpaid:
        raise place.error("of", term.of, "this guarantee follows no other (name it in unpaid)")
    if term.of and term.of != UNPAID:
        names.fact("of", term.of, MONEY, place)
    for pays in _pays(term):
        if pays.price is not None and term.accrues is None and term.steps is None:
            _check_price(rule, "pays", pays.price, place)


def _check_tiers(term: Term, place: Place) -> None:
    for tier in term.tiers:
        if (tier.since is None) == (tier.above is None):
            raise place.error("tier", None, "say from (includes it) or above (does not), not both")
    bounds = [tier.bound for tier in term.tiers]
    if bounds != sorted(set(bounds)):
        raise place.error("tier", None, "the tiers do not rise (put the lowest first)")


def _check_accrual(rule: Accrual, names: Names, place: Place) -> None:
    kinds = DAY if rule.every.in_days else INSTANT
    names.fact("from", rule.since, kinds, place)
    names.fact("until", rule.until, kinds, place)
    names.amount("every", rule.every, rule.calendar, place)
    for key, amount in (("after", rule.after), ("no_longer_than", rule.no_longer_than)):
        if amount is not None and amount.in_days != rule.every.in_days:
            raise place.error(key, str(amount), f'counts otherwise than every = "{rule.every}"')
        names.amount(key, amount, rule.calendar, place)
    for key, amount in (("every", rule.every), ("no_longer_than", rule.no_longer_than)):
        if amount is not None and amount.unit == "months":
            raise place.error(key, str(amount), "months differ in length (count days or weeks)")
    if rule.no_longer_than is not None and rule.no_longer_than.in_business_time:
        raise place.error(
            "no_longer_than", str(rule.no_longer_than), "a time that passes is meant (use days)"
        )
    if rule.at_most < 0:
        raise place.error("at_most", rule.at_most, "less than 0 (leave it out for no limit)")


def _check_steps(rule: Steps, names: Names, place: Place) -> None:
    names.fact("of", rule.of, NUMBER, place)
    if isinstance(rule.beyond, str):
        names.fact("beyond", rule.beyond, NUMBER, place)
    elif rule.beyond < 0:
        raise place.error("beyond", rule.beyond, "less than 0 (leave it out to count from 0)")
    if rule.at_most < 0:
        raise place.error("at_most", rule.at_most, "less than 0 (leave it out for no limit)")
