"""How much is owed, and how does that come about?

Decimal from the policy's text to the last penny. Each rule adds its step to the trace.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from recovery.money import LARGEST, minor_unit
from recovery.policy.guarantees.known import Known
from recovery.policy.guarantees.periods import counted, whole
from recovery.policy.guarantees.plan import GuaranteePlan, TermPlan
from recovery.policy.guarantees.records import Accrual, Steps, Tier
from recovery.policy.guarantees.trace import NotOwed, Step, StepKind
from recovery.policy.guarantees.values import Pay, Price

NOTHING = Decimal(0)


class Sum:
    """An amount that is being worked out, with its steps."""

    __slots__ = ("amount", "open_until", "steps")

    def __init__(self) -> None:
        self.amount = NOTHING
        self.steps: list[Step] = []
        self.open_until = ""
        """What will end it, while time adds to it."""

    def becomes(self, amount: Decimal, kind: StepKind, **values: object) -> None:
        """Raises NotOwed where the amount is absurd, with the fact that makes it so."""
        if amount >= LARGEST:
            raise NotOwed("unusable", *(str(values[name]) for name in values if name == "of"))
        self.amount = amount = Decimal(amount)  # a policy's own kind of number is not for events
        self.steps.append(Step(kind, amount, {name: _said(v) for name, v in values.items()}))

    def bounded(self, at_least: Price | None, at_most: Price | None) -> None:
        """Raise or cut what is owed; nothing stays nothing. What is cut grows no more."""
        if at_least is not None and NOTHING < self.amount < at_least:
            self.becomes(at_least, "at_least")
        if at_most is not None and self.amount >= at_most:
            self.open_until = ""
            if self.amount > at_most:
                self.becomes(at_most, "at_most")


def _said(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else str(value)


def amount_of(plan: GuaranteePlan, known: Known, unpaid: Decimal, currency: str) -> Sum:
    """What the guarantee's lines come to; raises NotOwed where a fact is missing."""
    rule = plan.rule
    found = _taken(plan, known, unpaid)
    _reduce(found, plan, known)
    found.bounded(rule.at_least, rule.at_most)
    rounded = found.amount.quantize(minor_unit(currency), plan.rounding)
    if rounded != found.amount:
        found.becomes(rounded, "rounded")
    found.amount = rounded
    if rule.for_each:
        count = whole(known.amount(rule.for_each), 1, started=False)
        if count != 1:
            found.becomes(rounded * count, "for_each", of=rule.for_each, count=count)
    return found


def _taken(plan: GuaranteePlan, known: Known, unpaid: Decimal) -> Sum:
    """The first line that holds, the greatest of them, or their sum."""
    lines = []
    for term in plan.terms:
        if term.when is None or known.holds(term.when):
            lines.append(_line(term, plan, known, unpaid))
            if plan.rule.take == "first":
                break
    if not lines:
        return Sum()
    return lines[0] if len(lines) == 1 else _TAKING[plan.rule.take](lines)


def _greatest(lines: list[Sum]) -> Sum:
    found = max(lines, key=lambda line: line.amount)
    others = ", ".join(str(line.amount) for line in lines if line is not found)
    found.becomes(found.amount, "greatest", others=others)
    return found


def _sum(lines: list[Sum]) -> Sum:
    found = Sum()
    found.steps = [step for line in lines if line.amount for step in line.steps]
    found.open_until = next((line.open_until for line in lines if line.open_until), "")
    found.becomes(sum((line.amount for line in lines), NOTHING), "sum")
    return found


_TAKING: dict[str, Callable[[list[Sum]], Sum]] = {"greatest": _greatest, "sum": _sum}


def _line(term: TermPlan, plan: GuaranteePlan, known: Known, unpaid: Decimal) -> Sum:
    rule = term.rule
    found = Sum()
    pays = rule.pays or _tier(rule.by, rule.tiers, known)
    if pays is None:
        return found
    if pays.share is not None:
        base = unpaid if rule.of == "unpaid" else known.amount(rule.of)
        found.becomes(base * pays.share, "share", share=pays.text, of=rule.of, base=base)
    else:
        _priced(found, pays, plan, known)
    if rule.accrues is not None:
        _accrue(found, rule.accrues, term, known)
    if rule.steps is not None:
        _step(found, rule.steps, known)
    found.bounded(rule.at_least, rule.at_most)
    return found


def _priced(found: Sum, pays: Pay, plan: GuaranteePlan, known: Known) -> None:
    if pays.price is not None:
        found.becomes(pays.price, "fixed")
        return
    day = known.day(plan.rule.rates_by)
    if day is None:
        raise NotOwed("missing", plan.rule.rates_by)
    index = bisect_right(plan.rate_days, day) - 1
    if index >= 0:
        found.becomes(plan.rates[index], "rate", on=day, since=plan.rate_days[index])


def _tier(by: str, tiers: tuple[Tier, ...], known: Known) -> Pay | None:
    """What the highest tier that the fact reaches pays; None below the lowest."""
    size = known.number(by)
    reached = None
    for tier in tiers:
        bound, left_out = tier.bound
        if size > bound or (size == bound and not left_out):
            reached = tier.pays
    return reached


def _accrue(found: Sum, rule: Accrual, term: TermPlan, known: Known) -> None:
    count = counted(rule, known, term.calendar)
    if count.is_open:
        found.open_until = rule.until
    found.becomes(
        found.amount * count.number, "periods", count=count.number, every=str(rule.every),
        begin=count.begin, until=rule.until,
    )  # fmt: skip


def _step(found: Sum, rule: Steps, known: Known) -> None:
    size = known.amount(rule.of)
    beyond = known.amount(rule.beyond) if isinstance(rule.beyond, str) else Decimal(rule.beyond)
    count = whole(size - beyond, rule.every.count, started=rule.started)
    if rule.at_most:
        count = min(count, rule.at_most)
    found.becomes(
        found.amount * count, "steps", count=count, every=str(rule.every), of=rule.of,
        beyond=beyond,
    )  # fmt: skip


def _reduce(found: Sum, plan: GuaranteePlan, known: Known) -> None:
    if not found.amount:
        return
    for reduction, when in zip(plan.rule.reductions, plan.reductions, strict=True):
        if known.holds(when):
            found.becomes(found.amount * reduction.to, "reduced", reason=reduction.reason)
            return
