"""How long does it take to try a policy with three clocks on a whole history?"""

from __future__ import annotations

import re
import resource
import time
from datetime import timedelta

from projections.stories import Stretch
from projections.trial import PROCESSES, Trial, try_out
from recovery.policy.adopt import adoption, house_policy
from recovery.policy.simulate import Outcome
from tests.benchmarks.figures import Figure, at_least, at_most
from tests.benchmarks.ground import DAYS, UNTIL, Ground, Sizes
from web.runtime import Runtime

BOUND, MILLION = 90.0, 1_000_000
"""Seconds for a million complaints with three clocks."""
BOUND_WITH_MONEY = 120.0
"""And with what three guarantees would have cost."""
HOUSE = house_policy()
CLOCKS_ALONE = re.sub(
    r"(?ms)^(?:#[^\n]*\n)*\[\[version\.guarantee\]\].*?(?=^# Worked examples|^\[\[example)",
    "",
    HOUSE,
)
STRICTER = {
    'within = "5 business days"': 'within = "3 business days"',
    'within = "4 business hours"': 'within = "3 business hours"',
}


def measure(ground: Ground, sizes: Sizes) -> list[Figure]:
    desk = ground.desk_with(sizes.complaints)
    took = [_seconds(desk, sizes.complaints, CLOCKS_ALONE) for _ in range(sizes.repetitions)]
    paid = [_seconds(desk, sizes.complaints, HOUSE) for _ in range(sizes.repetitions)]
    of = f"{sizes.complaints:,} complaints, three clocks, {PROCESSES} processes"
    rates = [sizes.complaints / seconds for seconds in took]
    memory = max(
        resource.getrusage(who).ru_maxrss / 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    figures = [
        Figure.of(
            "simulate.rate", f"A policy tried on history: {of}", rates, "complaints/s",
            at_least(MILLION / BOUND),
        ),
        Figure.of(
            "simulate.guarantees.rate", f"The same with three guarantees: {of}",
            [sizes.complaints / seconds for seconds in paid], "complaints/s",
            at_least(MILLION / BOUND_WITH_MONEY),
        ),
        Figure.of("simulate.memory", f"Most memory of a process, then: {of}", [memory], "MB"),
    ]  # fmt: skip
    if sizes.complaints >= MILLION:
        figures += [
            Figure.of("simulate.time", f"The same, as time: {of}", took, "s", at_most(BOUND)),
            Figure.of(
                "simulate.guarantees.time", f"With three guarantees, as time: {of}", paid, "s",
                at_most(BOUND_WITH_MONEY),
            ),
        ]  # fmt: skip
    return figures


def _seconds(desk: Runtime, complaints: int, text: str) -> float:
    for old, new in STRICTER.items():
        text = text.replace(old, new)
    proposed = adoption(text, by="user:bench", at=UNTIL, reason="To see what it would do.")
    stretch = Stretch(since=UNTIL - timedelta(days=2 * DAYS), until=UNTIL, policy="house")
    began = time.perf_counter()
    *_, outcome = try_out(desk.database, Trial(proposed=proposed, stretch=stretch, as_of=UNTIL))
    took = time.perf_counter() - began
    if not isinstance(outcome, Outcome) or not outcome.changed:
        raise RuntimeError("the trial found nothing")
    if outcome.complaints != complaints:
        raise RuntimeError(f"the trial looked at {outcome.complaints:,} of {complaints:,}")
    return took
