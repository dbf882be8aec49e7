"""What does an audit of times or of amounts say in one breath?"""

from __future__ import annotations

from collections.abc import Callable

from recovery.fairness.records import (
    Comparison,
    NumberAnswer,
    NumberComparison,
    ShareAnswer,
    TimeAnswer,
    TimeComparison,
)
from web.i18n import mark

Say = Callable[[str], str]
HOUR, DAY = 3_600, 86_400
HAPPENED = {
    "time_to_acknowledge": mark("were acknowledged"),
    "time_to_explain": mark("were explained"),
    "time_to_close": mark("were closed"),
    "working_time_to_acknowledge": mark("were acknowledged"),
    "working_time_to_explain": mark("were explained"),
    "working_time_to_close": mark("were closed"),
}
HAD_IT = mark("had it")
CHANCE = mark("Chance alone would rarely make such a difference (p %(p)s).")
NO_EVIDENCE = mark(
    "There is no evidence of a difference beyond chance, which does not show that they fare alike."
)


def headline(
    answer: ShareAnswer | TimeAnswer | NumberAnswer,
    first: Comparison | TimeComparison | NumberComparison, say: Say, name: Callable[[str], str],
) -> list[str]:  # fmt: skip
    """The comparison in two sentences: how far they lie apart, and whether chance would do it."""
    if isinstance(answer, TimeAnswer):
        sentence = _times(answer, first.group, first.reference, say, name)
    elif isinstance(answer, NumberAnswer):
        sentence = _numbers(answer, first.group, first.reference, say, name)
    else:
        return []
    p = f"{first.adjusted_p:.2g}" if first.adjusted_p is not None else ""
    return [sentence, say(CHANCE) % {"p": p} if first.verdict == "difference" else say(NO_EVIDENCE)]


def span(seconds: float | None, say: Say, *, worked: bool = False) -> str:
    """A length of time in hours, or in days where it is long; working time always in hours."""
    if seconds is None:
        return say(mark("not yet"))
    if worked:
        hours = f"{seconds / HOUR:.2f}".rstrip("0").rstrip(".")
        return say(mark("%(count)s working hours")) % {"count": hours}
    if seconds >= 3 * DAY:
        return say(mark("%(count)s days")) % {"count": f"{seconds / DAY:.1f}"}
    if seconds >= HOUR:
        return say(mark("%(count)s h")) % {"count": f"{seconds / HOUR:.2f}".rstrip("0").rstrip(".")}
    return say(mark("%(count)s min")) % {"count": f"{seconds / 60:.0f}"}


def is_worked(measure: str) -> bool:
    """Whether only working time counts."""
    return measure.startswith("working_time_to_")


def _times(
    answer: TimeAnswer, group: str, reference: str, say: Say, name: Callable[[str], str]
) -> str:
    median = {each.group: each.median for each in answer.groups}
    worked = is_worked(answer.measure)
    words = mark(
        "Half of the complaints of %(reference)s %(happened)s within %(other)s, of %(group)s within"
        " %(mine)s."
    )
    if median.get(group) is None:
        words = mark(
            "Half of the complaints of %(reference)s %(happened)s within %(other)s; of %(group)s"
            " more than half still wait."
        )
    return say(words) % {
        "reference": name(reference), "group": name(group),
        "happened": say(HAPPENED.get(answer.measure, HAD_IT)),
        "other": span(median.get(reference), say, worked=worked),
        "mine": span(median.get(group), say, worked=worked),
    }  # fmt: skip


def _numbers(
    answer: NumberAnswer, group: str, reference: str, say: Say, name: Callable[[str], str]
) -> str:
    means = {each.group: each.mean for each in answer.groups}
    mine, other = means[group], means[reference]
    unit = f" {answer.currency}" if answer.measure == "amount" else ""
    return say(mark("On average %(group)s had %(mine)s, %(reference)s %(other)s.")) % {
        "group": name(group), "reference": name(reference),
        "mine": f"{mine.value:,.2f}{unit}" if mine else "–",
        "other": f"{other.value:,.2f}{unit}" if other else "–",
    }  # fmt: skip
