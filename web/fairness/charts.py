"""How does an audit look as a picture, the same in the page, on paper and in mail?

Drawn on the server as SVG, in one ink that takes the colour of the text around it: groups are told
apart by shape and by words, so that the picture can be read without colour. Its tables say the
same in figures.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any

from recovery.fairness.control import Point
from recovery.fairness.records import (
    Answer,
    Comparison,
    NumberAnswer,
    Question,
    ShareAnswer,
    TimeAnswer,
)
from web.fairness import limits, plots, sentences
from web.fairness.drawing import INK, SOFT, framed, inline, svg
from web.fairness.quantities import is_worked
from web.i18n import mark

Say = Callable[[str], str]
KEPT = 64
MOST_CURVES = 6
_cache: OrderedDict[tuple[str, str], dict[str, str]] = OrderedDict()
_lock = Lock()


def pictures(
    answer: Answer, question: Question, say: Say, *, digest: str, language: str
) -> dict[str, str]:
    """By name: the SVG of each picture; kept by the digest of what it shows."""
    key = (digest, language)
    with _lock:
        if key in _cache:
            _cache.move_to_end(key)
            return _cache[key]
    found = {name: svg(spec) for name, spec in _specs(answer, question, say).items()}
    with _lock:
        _cache[key] = found
        while len(_cache) > KEPT:
            _cache.popitem(last=False)
    return found


def _specs(answer: Answer, question: Question, say: Say) -> dict[str, Any]:
    def name(group: str) -> str:
        return sentences.group_name(group, answer, question, say)

    if people := limits.of_people(answer, question):
        return {"funnel": plots.funnel(people, say, name)}
    if months := limits.over_time(answer, question):
        return {"control": _control(answer, months, say)}
    match answer:
        case ShareAnswer():
            found = {"groups": _groups(
                [(name(g.group), g.rate, g.low, g.high) for g in answer.groups],
                say(mark("Share, with its interval")), ".1~%",
            )}  # fmt: skip
            if forest := _forest(answer, question, say):
                found["forest"] = forest
        case TimeAnswer():
            found = {"curves": _curves(answer, name, say)}
        case NumberAnswer():
            found = {"groups": _groups(
                [(name(g.group), g.mean.value, g.mean.low, g.mean.high) for g in answer.groups
                 if g.mean], say(mark("Mean, with its interval")), ",.2f",
            )}  # fmt: skip
    return {key: spec for key, spec in found.items() if spec is not None}


def _control(answer: Answer, months: Sequence[Point], say: Say) -> Any:
    if isinstance(answer, ShareAnswer):
        return plots.control(months, say, form=".0%", title=say(mark("Share")))
    if isinstance(answer, TimeAnswer):
        title = say(mark("Hours until half had it"))
        return plots.control(months, say, form="~g", title=title, unit=3_600)
    return plots.control(months, say, form=",.2f", title=say(mark("Mean")))


def _groups(rows: list[tuple[str, Any, Any, Any]], title: str, form: str) -> Any:
    """Each group as a dot with its interval."""
    import altair as alt

    told = [row for row in rows if row[1] is not None]
    if not told:
        return None
    data = inline([
        {"group": g, "value": v, "low": low, "high": high} for g, v, low, high in told
    ])  # fmt: skip
    order = [row[0] for row in told]
    y = alt.Y("group:N", sort=order, title=None)
    scale = alt.Scale(zero=True, nice=True)
    lines = alt.Chart(data).mark_rule(color=INK, strokeWidth=1.5).encode(
        x=alt.X("low:Q", title=title, scale=scale, axis=alt.Axis(format=form, tickCount=6)),
        x2="high:Q", y=y,
    )  # fmt: skip
    dots = (
        alt.Chart(data)
        .mark_point(filled=True, size=70, color=INK, opacity=1)
        .encode(x="value:Q", y=y)
    )
    return framed(lines + dots, height=34 * len(told) + 10)


def _forest(answer: ShareAnswer, question: Question, say: Say) -> Any:
    """The odds ratio of each stratum and of all, of the comparison that matters most."""
    import altair as alt

    shown: Comparison | None = min(
        (c for c in answer.comparisons if c.stratified),
        key=lambda c: c.adjusted_p if c.adjusted_p is not None else 1, default=None,
    )  # fmt: skip
    if shown is None or shown.stratified is None:
        return None
    all_of_them = say(mark("Like with like, all together"))
    rows = [
        (sentences.stratum_name(s.stratum, question, say), s.odds_ratio)
        for s in shown.strata if s.odds_ratio
    ]  # fmt: skip
    rows.append((all_of_them, shown.stratified.odds_ratio))
    if shown.odds_ratio:
        rows.append((say(mark("Without regard to strata")), shown.odds_ratio))
    data = inline([
        {"stratum": name, "value": e.value, "low": e.low, "high": e.high,
         "kind": "all" if n >= len(rows) - 2 else "one"}
        for n, (name, e) in enumerate(rows)
    ])  # fmt: skip
    y = alt.Y("stratum:N", sort=[name for name, _ in rows], title=None)
    scale = alt.Scale(type="log", nice=False, padding=12)
    title = say(mark("Odds ratio of %(group)s to %(reference)s; 1 is alike")) % {
        "group": sentences.short_name(shown.group, answer, question, say),
        "reference": sentences.short_name(shown.reference, answer, question, say),
    }  # fmt: skip
    rule = alt.Chart(inline([{"one": 1}])).mark_rule(color=SOFT, strokeDash=[4, 3]).encode(
        x=alt.X("one:Q", scale=scale))  # fmt: skip
    lines = alt.Chart(data).mark_rule(color=INK, strokeWidth=1.5).encode(
        x=alt.X("low:Q", title=title, scale=scale,
                axis=alt.Axis(format="~g", tickCount=5, grid=False)),
        x2="high:Q", y=y,
    )  # fmt: skip
    shape = alt.Shape(
        "kind:N", legend=None, scale=alt.Scale(domain=["one", "all"], range=["circle", "diamond"])
    )
    dots = alt.Chart(data).mark_point(filled=True, size=80, color=INK, opacity=1).encode(
        x="value:Q", y=y, shape=shape)  # fmt: skip
    return framed(rule + lines + dots, height=24 * len(rows) + 10)


def _curves(answer: TimeAnswer, name: Callable[[str], str], say: Say) -> Any:
    """The share that still waits, over time, each group with a line of its own kind."""
    import altair as alt

    told = sorted((g for g in answer.groups if g.curve), key=lambda g: -(g.n or 0))[:MOST_CURVES]
    if not told:
        return None
    upto = answer.ticks[-1] if answer.ticks else max(g.curve[-1].seconds for g in told)
    worked = is_worked(answer.measure)
    days = upto > 10 * 86_400 and not worked
    unit = 86_400 if days else 3_600
    data = inline([
        {"group": name(g.group), "time": p.seconds / unit, "waiting": p.waiting, "low": p.low,
         "high": p.high}
        for g in told for p in g.curve
    ])  # fmt: skip
    title = say(
        mark("Days since the receipt")
        if days
        else mark("Working hours since the receipt")
        if worked
        else mark("Hours since the receipt")
    )
    x = alt.X("time:Q", title=title, scale=alt.Scale(domain=[0, upto / unit], nice=False))
    dashes = [[1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [12, 4], [1, 4]]
    names = [name(g.group) for g in told]
    dash = alt.StrokeDash(
        "group:N", title=None, scale=alt.Scale(domain=names, range=dashes[: len(names)]),
        legend=alt.Legend(orient="bottom", columns=2, symbolSize=900, symbolStrokeColor=INK,
                          labelLimit=260),
    )  # fmt: skip
    base = alt.Chart(data)
    band = base.mark_area(interpolate="step-after", opacity=0.1, color=INK).encode(
        x=x, y=alt.Y("low:Q", title=say(mark("Still waiting")), axis=alt.Axis(format=".0%"),
                     scale=alt.Scale(domain=[0, 1])),
        y2="high:Q", detail="group:N",
    )  # fmt: skip
    lines = base.mark_line(interpolate="step-after", color=INK, strokeWidth=1.6).encode(
        x=x, y="waiting:Q", strokeDash=dash)  # fmt: skip
    return framed(band + lines, height=280)
