"""What would the guarantees of a proposed policy have cost, by month and group, and at worst?

Each amount counts in full on the day of the failure that it is owed for. It is assumed that all is
paid by its day, so nothing is owed for paying late. What one complainant can get in a year is given
in the order of the days, when everything has been counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple, TypeVar, get_args

import msgspec

from recovery.policy.guarantees.gates import year_of
from recovery.policy.guarantees.plan import GuaranteePlan, Guarantees
from recovery.policy.guarantees.records import Yearly
from recovery.policy.guarantees.trace import Entitled

CostGroup = Literal["all", "month", "category", "channel", "tier"]
COST_GROUPS: tuple[CostGroup, ...] = get_args(CostGroup)
MOST_VALUES = 500
"""Of one group; what comes after them is counted together, so that memory is bounded."""
OTHERS = "…"
NOTHING = Decimal(0)
K = TypeVar("K", date, str)


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What one guarantee costs in one currency, of all complaints or of a group of them."""

    guarantee: str
    currency: str
    by: CostGroup
    value: str
    """Of the group; empty for all complaints together."""
    payouts: int
    money: Decimal


class Tail(msgspec.Struct, frozen=True, kw_only=True):
    """The worst of it in one currency."""

    currency: str
    day: date
    day_money: Decimal
    day_payouts: int
    month: str
    month_money: Decimal
    month_payouts: int


class Owed(NamedTuple):
    """An amount under a limit by the year, until all are known that count towards it."""

    on: date
    reference: str
    occurrence: str
    amount: Decimal
    currency: str
    groups: tuple[str, str, str]


class PaidInTime(dict[tuple[str, str], date]):
    """When each payout was paid: before anybody could be late."""

    def get(self, key: object, default: object = None) -> date:
        return date.min


class Costs:
    """Adds up what complaints are owed; those of shares of them add up to the whole."""

    def __init__(self, guarantees: Iterable[Guarantees]) -> None:
        plans = [plan for each in guarantees for plan in each.plans]
        self._limits = {
            plan.rule.name: (plan.rule.a_year, plan) for plan in plans if plan.rule.a_year
        }
        self.complaints = 0
        """To which something is owed."""
        self._sums: dict[tuple[str, str, CostGroup, str], tuple[int, Decimal]] = {}
        self._days: dict[tuple[str, date], tuple[int, Decimal]] = {}
        self._values: dict[CostGroup, set[str]] = {group: set() for group in COST_GROUPS}
        self._limited: dict[tuple[str, str], list[Owed]] = {}

    def add(
        self, reference: str, complainant: str, groups: tuple[str, str, str],
        owed: Iterable[Entitled],
    ) -> None:  # fmt: skip
        """Count what one complaint is owed; `groups` are its category, channel and tier."""
        counted = False
        for each in owed:
            counted = True
            assert each.on is not None
            money = each.money
            found = Owed(each.on, reference, each.occurrence, money.amount, money.currency, groups)
            if each.guarantee in self._limits:
                self._limited.setdefault((each.guarantee, complainant), []).append(found)
            else:
                self._count(each.guarantee, found)
        self.complaints += counted

    def merge(self, other: Costs) -> None:
        """Add what others counted of other complaints."""
        self.complaints += other.complaints
        for (guarantee, currency, group, value), (payouts, money) in other._sums.items():
            self._plus(guarantee, currency, group, value, payouts, money)
        for key, found in other._days.items():
            self._days[key] = _added(self._days.get(key), *found)
        for limited, owed in other._limited.items():
            self._limited.setdefault(limited, []).extend(owed)

    def outcome(self) -> tuple[tuple[Cost, ...], tuple[Tail, ...]]:
        """Guarantees by name, groups by size, months by date; and the worst day and month."""
        whole = Costs(())
        whole.merge(self)
        for (guarantee, _), owed in sorted(self._limited.items()):
            for found in _within(owed, *self._limits[guarantee]):
                whole._count(guarantee, found)
        return tuple(whole._costs()), tuple(whole._tails())

    def _count(self, guarantee: str, found: Owed) -> None:
        month = f"{found.on.year}-{found.on.month:02}"
        for group, value in zip(COST_GROUPS, ("", month, *found.groups), strict=True):
            self._plus(guarantee, found.currency, group, value, 1, found.amount)
        key = found.currency, found.on
        self._days[key] = _added(self._days.get(key), 1, found.amount)

    def _plus(
        self, guarantee: str, currency: str, group: CostGroup, value: str, payouts: int,
        money: Decimal,
    ) -> None:  # fmt: skip
        values = self._values[group]
        if value not in values and len(values) >= MOST_VALUES:
            value = OTHERS
        values.add(value)
        key = guarantee, currency, group, value
        self._sums[key] = _added(self._sums.get(key), payouts, money)

    def _costs(self) -> Iterator[Cost]:
        def place(key: tuple[str, str, CostGroup, str]) -> tuple[int, str, str, Decimal, str]:
            guarantee, currency, group, value = key
            size = NOTHING if group == "month" else -self._sums[key][1]
            return COST_GROUPS.index(group), guarantee, currency, size, value

        for key in sorted(self._sums, key=place):
            guarantee, currency, group, value = key
            payouts, money = self._sums[key]
            yield Cost(
                guarantee=guarantee, currency=currency, by=group, value=value, payouts=payouts,
                money=money,
            )  # fmt: skip

    def _tails(self) -> Iterator[Tail]:
        for currency in sorted({currency for currency, _ in self._days}):
            days = {day: found for (of, day), found in self._days.items() if of == currency}
            months: dict[str, tuple[int, Decimal]] = {}
            for day, found in days.items():
                month = f"{day.year}-{day.month:02}"
                months[month] = _added(months.get(month), *found)
            day, month = _worst(days), _worst(months)
            yield Tail(
                currency=currency, day=day, day_payouts=days[day][0], day_money=days[day][1],
                month=month, month_payouts=months[month][0], month_money=months[month][1],
            )  # fmt: skip


def _within(owed: list[Owed], rule: Yearly, plan: GuaranteePlan) -> Iterator[Owed]:
    """What is left of amounts of one complainant under the limit, in the order of the days."""
    years: dict[date, tuple[int, Decimal]] = {}
    for found in sorted(owed):
        year = year_of(found.on, plan.year_starts)
        times, money = years.get(year, (0, NOTHING))
        amount = found.amount if rule.amount is None else min(found.amount, rule.amount - money)
        if amount > NOTHING and not (rule.times and times >= rule.times):
            years[year] = times + 1, money + amount
            yield found._replace(amount=amount)


def _added(before: tuple[int, Decimal] | None, payouts: int, money: Decimal) -> tuple[int, Decimal]:
    return (before[0] + payouts, before[1] + money) if before else (payouts, money)


def _worst(sums: Mapping[K, tuple[int, Decimal]]) -> K:
    """The first of those that cost most."""
    return min(sums, key=lambda each: (-sums[each][1], each))
