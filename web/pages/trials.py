"""How is what a policy would have done told to a supervisor?"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import msgspec
from babel.dates import format_date

from projections.trial import Progress, Trial, try_out
from recovery import reference as references
from recovery.errors import RecoveryError
from recovery.money import Money
from recovery.policy.costs import COST_GROUPS, CostGroup, Tail
from recovery.policy.simulate import GROUPS, Change, Effect, Endings, Outcome
from web.pages.sentences import translated
from web.pages.viewer import Viewer
from web.pages.words import labeller
from web.runtime import UNREACHABLE, Runtime

QUIET = 1.0
"""Seconds between two words about progress; a trial that is quicker says none."""
PROCESSES = 2


class Attempt:
    """One trial while a page about it is on its way to the browser.

    The template goes through `steps` first; what came of it is there after the last of them.
    """

    def __init__(self, desk: Runtime, trial: Trial, viewer: Viewer) -> None:
        self._desk = desk
        self._trial = trial
        self._viewer = viewer
        self.effect: Told | None = None
        self.failure = ""

    def steps(self) -> Iterator[Progress]:
        """How far it is, once a second."""
        said = time.monotonic()
        try:
            for step in try_out(self._desk.database, self._trial, processes=PROCESSES):
                if isinstance(step, Outcome):
                    self.effect = tell(step, self._viewer)
                elif time.monotonic() - said > QUIET:
                    said = time.monotonic()
                    yield step
        except RecoveryError as error:
            self.failure = translated(str(error), self._viewer)
        except UNREACHABLE:
            self.failure = self._viewer.say("The database does not answer. Try again later.")


class Part(msgspec.Struct, frozen=True):
    """A piece of a bar, in percent of its length."""

    ending: str
    start: float
    width: float


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """One clock on one side: its promises as a bar, and the share that was kept in words."""

    parts: tuple[Part, ...]
    kept: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One clock, of all complaints or of some of them."""

    group: str
    clock: str
    before: Endings
    after: Endings
    kept_before: str
    kept_after: str
    better: int
    worse: int
    bars: tuple[Bar, Bar]


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """Promises of one clock that end differently."""

    clock: str
    before: str
    after: str
    tone: str
    count: int
    examples: tuple[str, ...]


class CostRow(msgspec.Struct, frozen=True, kw_only=True):
    """What one guarantee would have cost, of all complaints or of some of them."""

    group: str
    guarantee: str
    payouts: int
    cost: str
    recorded: str = ""
    """What is owed as things stand."""


class WorstRow(msgspec.Struct, frozen=True, kw_only=True):
    """The worst day and month, in one currency."""

    day: str
    day_cost: str
    month: str
    month_cost: str


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a trial found, in the viewer's words."""

    complaints: int
    changed: int
    clocks: tuple[Row, ...]
    turns: tuple[Turn, ...]
    groups: tuple[tuple[str, tuple[Row, ...]], ...]
    """By the name of the group."""
    compensated: int
    costs: tuple[CostRow, ...]
    cost_groups: tuple[tuple[str, tuple[CostRow, ...]], ...]
    worst: tuple[WorstRow, ...]


def tell(outcome: Outcome, viewer: Viewer) -> Told:
    rows = [(effect.by, _row(effect, viewer)) for effect in outcome.effects]
    label = labeller(viewer.language)
    return Told(
        complaints=outcome.complaints, changed=outcome.changed,
        clocks=tuple(row for by, row in rows if by == "all"),
        turns=tuple(_turn(change, viewer) for change in outcome.changes),
        groups=tuple(
            (label("by", group), tuple(row for by, row in rows if by == group))
            for group in GROUPS if group != "all"
        ),
        compensated=outcome.compensated, costs=_costs(outcome, "all", viewer),
        cost_groups=tuple(
            (label("by", group), _costs(outcome, group, viewer))
            for group in COST_GROUPS if group != "all" and outcome.costs
        ),
        worst=tuple(_worst(tail, viewer) for tail in outcome.tails),
    )  # fmt: skip


def _costs(outcome: Outcome, group: CostGroup, viewer: Viewer) -> tuple[CostRow, ...]:
    label = labeller(viewer.language)
    recorded = {(each.guarantee, each.currency): each.money for each in outcome.recorded}
    return tuple(
        CostRow(
            group=_named(group, each.value, viewer), guarantee=label("guarantee", each.guarantee),
            payouts=each.payouts, cost=viewer.money(Money(each.money, each.currency)),
            recorded=viewer.money(Money(
                recorded.get((each.guarantee, each.currency), Decimal(0)), each.currency
            )),
        )
        for each in outcome.costs if each.by == group
    )  # fmt: skip


def _worst(tail: Tail, viewer: Viewer) -> WorstRow:
    return WorstRow(
        day=viewer.day(tail.day), day_cost=viewer.money(Money(tail.day_money, tail.currency)),
        month=_named("month", tail.month, viewer),
        month_cost=viewer.money(Money(tail.month_money, tail.currency)),
    )  # fmt: skip


def _row(effect: Effect, viewer: Viewer) -> Row:
    return Row(
        group=_named(effect.by, effect.value, viewer),
        clock=labeller(viewer.language)("clock", effect.clock),
        before=effect.before, after=effect.after,
        kept_before=_share(effect.before, viewer), kept_after=_share(effect.after, viewer),
        better=effect.better, worse=effect.worse,
        bars=(_bar(effect.before, effect, viewer), _bar(effect.after, effect, viewer)),
    )  # fmt: skip


def _named(by: str, value: str, viewer: Viewer) -> str:
    """A value of a group in words."""
    if by == "month":
        year, _, month = value.partition("-")
        if not month:
            return value
        return format_date(date(int(year), int(month), 1), "MMMM y", locale=viewer.locale)
    return labeller(viewer.language)(by, value) or "–"


def _share(endings: Endings, viewer: Viewer) -> str:
    """The share that was kept, rounded down: 100 % is said only of all."""
    share = endings.attainment
    return "–" if share is None else f"{int(share * 1000) / 10:g} %"


def _bar(endings: Endings, effect: Effect, viewer: Viewer) -> Bar:
    """Drawn to the same scale before and after."""
    whole = max(effect.before.promises, effect.after.promises, 1)
    parts, start = [], 0.0
    for name in ("met", "open", "undecided", "breached"):
        width = 100 * getattr(endings, name) / whole
        if width:
            parts.append(Part(name, round(start, 2), round(width, 2)))
        start += width
    return Bar(parts=tuple(parts), kept=_share(endings, viewer))


def _turn(change: Change, viewer: Viewer) -> Turn:
    label = labeller(viewer.language)
    return Turn(
        clock=label("clock", change.clock), before=label("ending", change.before),
        after=label("ending", change.after), count=change.count,
        tone={"met": "good", "breached": "late"}.get(change.after, ""),
        examples=tuple(references.show(each) for each in change.examples),
    )  # fmt: skip
