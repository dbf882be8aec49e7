"""How long did each group wait, and what can be said of the differences?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf

from msgspec.structs import replace

from recovery.fairness import gate, screening, suppression, survival
from recovery.fairness.comparing import FEWEST
from recovery.fairness.numbers import tidy
from recovery.fairness.records import (
    Cut,
    GroupTime,
    LeftOut,
    Question,
    Remark,
    TimeAnswer,
    TimeComparison,
    Values,
)
from recovery.fairness.shares import largest
from recovery.fairness.survival import Curve, Waits

TICKS = 5
HOUR = 3600


def answer(
    question: Question, values: Sequence[Values], *, left_out: LeftOut,
    cuts: tuple[Cut, ...] = (), remarks: Sequence[Remark] = (),
) -> TimeAnswer:  # fmt: skip
    """Everything that can be said, with small groups left out."""
    said = list(remarks)
    waits = {name: survival.waits(of) for name, of in by_group(values, said).items()}
    large = {name: each for name, each in waits.items() if each.n >= FEWEST and each.happened}
    curves = {name: Curve(each) for name, each in large.items()}
    limit = _limit(question, large)
    reference = question.reference or _quickest(curves, limit)
    whole = TimeAnswer(
        measure=question.measure, complaints=sum(each.n for each in waits.values()),
        reference=reference, limit=limit, ticks=_ticks(curves), groups=(), comparisons=(),
        left_out=left_out, cuts=cuts,
    )  # fmt: skip
    whole = replace(whole, groups=_groups(waits, curves, whole, said))
    happened = any(each.happened for each in waits.values())
    alike = "" if happened else "not_yet"
    if why_not := gate.why_not(waits, large, reference, left_out=left_out, alike=alike):
        said.append(why_not)
    else:
        whole = _compared(whole, large, curves, by_strata=bool(question.strata))
    return replace(whole, remarks=(*said, *_misleading(whole)))


def by_group(values: Sequence[Values], said: list[Remark]) -> dict[str, list[Values]]:
    """The values of each group that is told of."""
    found: dict[str, list[Values]] = {}
    for each in values:
        found.setdefault(each.group, []).append(each)
    sizes = {name: sum(v.n for v in of) for name, of in found.items()}
    kept = largest(sizes, said)
    return {name: of for name, of in found.items() if name in kept}


def _limit(question: Question, large: Mapping[str, Waits]) -> float | None:
    """The limit that was asked for; else as far as every group was looked at."""
    if question.limit:
        return question.limit * HOUR
    return min((tidy(each.times.max()) for each in large.values()), default=None)


def _quickest(curves: Mapping[str, Curve], limit: float | None) -> str:
    if limit is None:
        return ""
    return min(curves, key=lambda name: (curves[name].mean_up_to(limit)[0], name))


def _ticks(curves: Mapping[str, Curve]) -> tuple[float, ...]:
    """Times at which it is told how many still wait: until nearly all of each group had it."""
    ends = [float(c.seconds[-1]) for c in curves.values()]
    late = [
        float(c.seconds[(c.waiting <= 0.05).argmax()]) if c.waiting.min() <= 0.05 else end
        for c, end in zip(curves.values(), ends, strict=True)
    ]
    upto = max(late, default=0.0)
    return tuple(tidy(upto * k / TICKS) for k in range(TICKS + 1)) if upto else ()


def _groups(
    waits: Mapping[str, Waits], curves: Mapping[str, Curve], whole: TimeAnswer, said: list[Remark]
) -> tuple[GroupTime, ...]:
    found = []
    for name, each in waits.items():
        few = suppression.tells(each.n, each.happened)
        curve = None if each.happened < suppression.SMALLEST else curves.get(name)
        found.append(_told(name, each, curve, whole, None if few else each.happened))
    if any(each.happened is None for each in found):
        said.append(Remark("hidden", {"smallest": str(suppression.SMALLEST)}))
    return tuple(found)


def _told(
    name: str, each: Waits, curve: Curve | None, whole: TimeAnswer, happened: int | None
) -> GroupTime:
    if curve is None or whole.limit is None:
        return GroupTime(group=name, n=each.n, happened=happened)
    counts = [curve.at_risk(tick) for tick in whole.ticks]
    return GroupTime(
        group=name, n=each.n, happened=happened, median=curve.half(),
        median_low=curve.half("low"), median_high=curve.half("high"),
        within=survival.mean(curve, whole.limit),
        mean_of_ended=tidy(each.times[each.ended].mean()),
        curve=curve.points(
            whole.ticks[-1] if whole.ticks else whole.limit, fewest=suppression.SMALLEST
        ),
        at_risk=tuple(None if suppression.small(count) else count for count in counts),
    )  # fmt: skip


def _compared(
    whole: TimeAnswer, large: Mapping[str, Waits], curves: Mapping[str, Curve], *, by_strata: bool
) -> TimeAnswer:
    assert whole.limit is not None
    reference = whole.reference
    shown = {each.group for each in whole.groups if each.within}
    everybody = survival.log_rank(list(large.values()), by_strata=by_strata)
    found = []
    for name in large:
        if name == reference:
            continue
        tested = survival.log_rank([large[name], large[reference]], by_strata=by_strata)
        difference = survival.mean_difference(curves[name], curves[reference], whole.limit)
        found.append(TimeComparison(
            group=name, reference=reference, verdict="too_few",
            difference=difference if {name, reference} <= shown else None,
            statistic=tested[0] if tested else None, p=tested[1] if tested else None,
        ))  # fmt: skip
    decided = screening.decided(found, [each.p for each in found])
    return replace(
        whole, degrees=len(large) - 1, statistic=everybody[0] if everybody else None,
        p=everybody[1] if everybody else None,
        comparisons=tuple(
            each if each.verdict == "difference" or {each.group, reference} <= shown
            else replace(each, verdict="hidden")
            for each in decided
        ),
    )  # fmt: skip


def _misleading(whole: TimeAnswer) -> list[Remark]:
    """Whether means of the complaints that ended would put the groups into another order."""
    told = [each for each in whole.groups if each.within]
    by_median = sorted(told, key=lambda g: inf if g.median is None else g.median)
    by_mean = sorted(told, key=lambda g: g.mean_of_ended or 0)
    found = []
    if [g.group for g in by_median] != [g.group for g in by_mean]:
        found.append(Remark("means_mislead"))
    if any(g.median is None for g in told):
        found.append(Remark("half_wait"))
    return found
