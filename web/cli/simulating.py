"""What would a policy have done over a stretch of history?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from web.cli.acting import OPERATOR
from web.cli.output import AsJson, as_json, progress

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from projections.stories import Days
    from projections.trial import Progress
    from recovery.policy.costs import Cost
    from recovery.policy.simulate import Effect, Endings, Outcome

STEPS = 1_000
"""Into which the bar divides the history."""


def simulate(
    file: Annotated[str, typer.Argument(help="A policy file, or the id of one that comes along.")],
    since: Annotated[
        str, typer.Option("--from", help="First day of receipt, like 2026-01-01.")
    ] = "",
    until: Annotated[
        str, typer.Option("--to", help="Last day. Without days: the last quarter.")
    ] = "",
    json: AsJson = False,
) -> None:
    """Try a policy on history: promises kept and missed as things stand, and under it."""
    from projections.stories import Days
    from projections.trial import Trial, try_out
    from recovery.policy.adopt import adoption
    from recovery.policy.schema import parse
    from recovery.policybook import acts
    from web.cli.policies import policy_text
    from web.runtime import Runtime
    from web.settings import load

    now = datetime.now(UTC)
    text = policy_text(file)
    proposed = adoption(text, by=OPERATOR, at=now, reason="A trial.", file=file)
    zone = parse(text).zone
    quarter = Days.last_quarter(now.astimezone(zone).date())
    days = Days.parse(since or str(quarter.first), until or str(quarter.last))
    with Runtime.open(load()) as runtime:
        known = {act.policy for _, act in acts(runtime.database)}
        stretch = days.stretch(zone, proposed.policy if proposed.policy in known else "")
        trial = Trial(proposed=proposed, stretch=stretch, as_of=now)
        outcome = _followed(try_out(runtime.database, trial))
    if json:
        as_json(
            {"policy": proposed.policy, "version": proposed.version, "from": days.first,
             "to": days.last, "as_of": now, "outcome": outcome}
        )  # fmt: skip
    else:
        _show(outcome, days)


def _followed(steps: Iterator[Progress | Outcome]) -> Outcome:
    """The outcome, with a bar on the way to it."""
    from projections.trial import Progress

    with progress("complaints") as bar:
        for step in steps:
            if not isinstance(step, Progress):
                return step
            bar(round(step.share * STEPS), STEPS)
    raise RuntimeError("a trial ended without an outcome")


def _show(outcome: Outcome, days: Days) -> None:
    from rich.console import Console

    from recovery.policy.simulate import GROUPS
    from recovery.reference import show

    console = Console(highlight=False)
    console.print(
        f"{outcome.complaints:,} complaints received from {days.first} to {days.last};"
        f" for {outcome.changed:,} of them a promise ends differently."
    )
    for group in GROUPS:
        effects = [effect for effect in outcome.effects if effect.by == group]
        if effects:
            console.print(_table(effects, "" if group == "all" else group))
    _show_costs(console, outcome)
    for change in outcome.changes:
        examples = " ".join(show(each) for each in change.examples)
        line = f"{change.clock}: {change.count:,} {_WORDS[change.before]} → {_WORDS[change.after]}"
        _print(console, f"{line} ({examples})")


def _show_costs(console: Console, outcome: Outcome) -> None:
    """What the guarantees would have cost, by month and group, and at worst."""
    from recovery.policy.costs import COST_GROUPS

    if not (outcome.costs or outcome.recorded):
        return
    _print(
        console, f"{outcome.compensated:,} complaints would have been owed something, if all is"
        " paid by its day.",
    )  # fmt: skip
    for group in COST_GROUPS:
        costs = [cost for cost in outcome.costs if cost.by == group]
        if costs:
            console.print(_cost_table(costs, outcome, "" if group == "all" else group))
    for tail in outcome.tails:
        _print(
            console, f"At worst: {tail.day_money:,} {tail.currency} on {tail.day}"
            f" ({tail.day_payouts:,} payouts), {tail.month_money:,} {tail.currency} in {tail.month}"
            f" ({tail.month_payouts:,}).",
        )  # fmt: skip


def _cost_table(costs: list[Cost], outcome: Outcome, group: str) -> Table:
    from rich.markup import escape
    from rich.table import Table

    recorded = {(cost.guarantee, cost.currency): cost for cost in outcome.recorded}
    table = Table(box=None, pad_edge=False)
    for name in (*([group] if group else []), "guarantee"):
        table.add_column(name)
    for name in ("payouts", "cost", *([] if group else ["owed as things stand"])):
        table.add_column(name, justify="right", no_wrap=True)
    for cost in costs:
        stands = recorded.get((cost.guarantee, cost.currency))
        table.add_row(
            *([escape(_printable(cost.value)) or "–"] if group else []), cost.guarantee,
            f"{cost.payouts:,}", f"{cost.money:,} {cost.currency}",
            *([] if group else [f"{stands.money:,} {cost.currency}" if stands else "–"]),
        )  # fmt: skip
    return table


_WORDS = {
    "met": "kept", "breached": "missed", "open": "still open", "undecided": "not decided",
    "none": "no such promise",
}  # fmt: skip


def _table(effects: list[Effect], group: str) -> Table:
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in (*([group] if group else []), "clock"):
        table.add_column(name)
    for name in ("kept", "missed", "open", "not decided", "share kept", "better", "worse"):
        table.add_column(name, justify="right", no_wrap=True)
    for effect in effects:
        before, after = effect.before, effect.after
        table.add_row(
            *([escape(_printable(effect.value)) or "–"] if group else []), effect.clock,
            _turn(f"{before.met:,}", f"{after.met:,}"),
            _turn(f"{before.breached:,}", f"{after.breached:,}"),
            _turn(f"{before.open:,}", f"{after.open:,}"),
            _turn(f"{before.undecided:,}", f"{after.undecided:,}"),
            _turn(_share(before), _share(after)), f"{effect.better:,}", f"{effect.worse:,}",
        )  # fmt: skip
    return table


def _turn(before: str, after: str) -> str:
    return after if before == after else f"{before} → {after}"


def _share(endings: Endings) -> str:
    """Rounded down: 100 % is said only of all."""
    share = endings.attainment
    return "–" if share is None else f"{int(share * 1000) / 10:g} %"


def _printable(text: str) -> str:
    """Without what would command the terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _print(console: Console, line: str) -> None:
    console.print(line, markup=False, soft_wrap=True)
