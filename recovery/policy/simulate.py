"""What would another text of a policy have done to complaints of the past?

Each promise of a complaint ends in one way as things stand and in one way under the proposed text.
The pairs are counted, by clock and by group; nothing else is kept of a complaint, save a few
references of those that change.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Literal, get_args
from zoneinfo import ZoneInfo

import msgspec

from recovery.policy.clocks import Clock
from recovery.policy.costs import Cost, Costs, Tail
from recovery.policy.guarantees.plan import Guarantees

Ending = Literal["met", "breached", "open", "undecided", "none"]
"""`open` has time left; `undecided` was cancelled or is not known; `none`: no such promise."""
ENDINGS: tuple[Ending, ...] = get_args(Ending)
Group = Literal["all", "category", "channel", "tier", "month"]
GROUPS: tuple[Group, ...] = get_args(Group)
MOST_VALUES = 500
"""Of one group; what comes after them is counted together, so that memory is bounded."""
OTHERS = "…"
MOST_EXAMPLES = 5
"""Of complaints for each clock and change: those received last."""
_MOST_CELLS = 20_000


class Endings(msgspec.Struct, frozen=True):
    """How many promises ended in which way."""

    met: int = 0
    breached: int = 0
    open: int = 0
    undecided: int = 0

    @property
    def promises(self) -> int:
        return self.met + self.breached + self.open + self.undecided

    @property
    def attainment(self) -> float | None:
        """The share that was met, of those that are decided; None where none is."""
        decided = self.met + self.breached
        return self.met / decided if decided else None


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """One clock in one group of complaints: as things stand, and under the proposed text."""

    clock: str
    by: Group
    value: str
    """Of the group; empty for all complaints together."""
    before: Endings
    after: Endings
    better: int
    """Breached as things stand, met under the proposed text."""
    worse: int


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Promises of one clock that end differently."""

    clock: str
    before: Ending
    after: Ending
    count: int
    examples: tuple[str, ...]
    """References, the complaint received last first."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What was found over a stretch of history."""

    complaints: int
    changed: int
    """Complaints of which at least one promise ends differently."""
    effects: tuple[Effect, ...]
    changes: tuple[Change, ...]
    """The most frequent first."""
    compensated: int = 0
    """Complaints that the proposed text owes something."""
    costs: tuple[Cost, ...] = ()
    tails: tuple[Tail, ...] = ()
    recorded: tuple[Cost, ...] = ()
    """What the log says is owed to these complaints, as things stand."""

    @property
    def clocks(self) -> tuple[Effect, ...]:
        """The effect on each clock, over all complaints together."""
        return tuple(effect for effect in self.effects if effect.by == "all")


def ending(clock: Clock, as_of: datetime) -> Ending:
    """How a promise ended by then; one that is running and past its due instant is breached."""
    if clock.met is not None:
        return "met" if clock.met else "breached"
    if clock.state == "running":
        return "breached" if clock.due is not None and clock.due < as_of else "open"
    return "open" if clock.state == "paused" else "undecided"


_Pair = tuple[str, Ending, Ending]
_Cell = tuple[tuple[_Pair, ...], tuple[str, str, str], str]
"""Every promise of a complaint, and the groups it belongs to: many complaints share one."""


class Tally:
    """Counts complaints one after the other; tallies of shares of them add up to the whole."""

    def __init__(
        self, as_of: datetime, zone: ZoneInfo, guarantees: Iterable[Guarantees] = ()
    ) -> None:
        self.costs = Costs(guarantees)
        self._as_of = as_of
        self._zone = zone
        self.complaints = 0
        self.changed = 0
        self._cells: Counter[_Cell] = Counter()
        self._counts: Counter[tuple[Group, str, _Pair]] = Counter()
        self._values: dict[Group, set[str]] = {group: set() for group in GROUPS}
        self._examples: dict[_Pair, list[tuple[datetime, str]]] = {}

    def add(
        self, reference: str, received_at: datetime, groups: tuple[str, str, str],
        before: Iterable[Clock], after: Iterable[Clock],
    ) -> None:  # fmt: skip
        """Count one complaint; `groups` are its category, channel and tier."""
        as_of = self._as_of
        there = received_at.astimezone(self._zone)
        found = {(clock.name, clock.cycle): ending(clock, as_of) for clock in before}
        pairs: list[_Pair] = []
        for clock in after:
            now = found.pop((clock.name, clock.cycle), "none")
            pairs.append((clock.name, now, ending(clock, as_of)))
        pairs += [(name, now, "none") for (name, _), now in found.items()]
        changed = [pair for pair in pairs if pair[1] != pair[2]]
        for pair in changed:
            self._keep(pair, (received_at, reference))
        self.complaints += 1
        self.changed += bool(changed)
        self._cells[tuple(pairs), groups, f"{there.year}-{there.month:02}"] += 1
        if len(self._cells) > _MOST_CELLS:
            self._spread()

    def merge(self, other: Tally) -> None:
        """Add what another tally counted of other complaints."""
        other._spread()
        self._spread()
        self.costs.merge(other.costs)
        self.complaints += other.complaints
        self.changed += other.changed
        for (group, value, pair), count in other._counts.items():
            self._counts[group, self._known(group, value), pair] += count
        for pair, examples in other._examples.items():
            for example in examples:
                self._keep(pair, example)

    def outcome(self) -> Outcome:
        """Everything that was counted: clocks by name, groups by size, months by date."""
        self._spread()
        costs, tails = self.costs.outcome()
        return Outcome(
            complaints=self.complaints, changed=self.changed,
            effects=tuple(self._effects()), changes=tuple(self._changes()),
            compensated=self.costs.complaints, costs=costs, tails=tails,
        )  # fmt: skip

    def _keep(self, pair: _Pair, example: tuple[datetime, str]) -> None:
        """Remember the complaint among the latest of its kind."""
        kept = self._examples.setdefault(pair, [])
        if len(kept) < MOST_EXAMPLES:
            heapq.heappush(kept, example)
        elif example > kept[0]:
            heapq.heapreplace(kept, example)

    def _spread(self) -> None:
        """Count the cells in each of the groups that they belong to."""
        for (pairs, groups, month), count in self._cells.items():
            for group, given in zip(GROUPS, ("", *groups, month), strict=True):
                value = self._known(group, given)
                for pair in pairs:
                    self._counts[group, value, pair] += count
        self._cells.clear()

    def _known(self, group: Group, value: str) -> str:
        values = self._values[group]
        if value not in values:
            if len(values) >= MOST_VALUES:
                return OTHERS
            values.add(value)
        return value

    def _effects(self) -> Iterable[Effect]:
        pairs: dict[tuple[Group, str, str], Counter[tuple[Ending, Ending]]] = {}
        for (group, value, (clock, now, then)), count in self._counts.items():
            pairs.setdefault((group, value, clock), Counter())[now, then] += count
        sizes: Counter[tuple[Group, str]] = Counter()
        for (group, value, _), found in pairs.items():
            sizes[group, value] += found.total()

        def place(key: tuple[Group, str, str]) -> tuple[int, str, int, str]:
            group, value, clock = key
            size = 0 if group == "month" else -sizes[group, value]
            return GROUPS.index(group), clock, size, value

        for group, value, clock in sorted(pairs, key=place):
            found = pairs[group, value, clock]
            yield Effect(
                clock=clock, by=group, value=value, before=_endings(found, 0),
                after=_endings(found, 1), better=found["breached", "met"],
                worse=found["met", "breached"],
            )  # fmt: skip

    def _changes(self) -> Iterable[Change]:
        for (group, _, pair), count in sorted(self._counts.items(), key=_most_first):
            clock, now, then = pair
            if group == "all" and now != then:
                latest = sorted(self._examples[pair], reverse=True)
                yield Change(
                    clock=clock, before=now, after=then, count=count,
                    examples=tuple(reference for _, reference in latest),
                )  # fmt: skip


def _endings(pairs: Counter[tuple[Ending, Ending]], side: int) -> Endings:
    """How the promises ended on one side: 0 as things stand, 1 under the proposed text."""
    found: Counter[Ending] = Counter()
    for pair, count in pairs.items():
        found[pair[side]] += count
    return Endings(found["met"], found["breached"], found["open"], found["undecided"])


def _most_first(item: tuple[tuple[Group, str, _Pair], int]) -> tuple[int, _Pair]:
    (_, _, pair), count = item
    return -count, pair
