"""How do a funnel plot and a control chart look?

Each point in one ink; what lies beyond its limits is a filled diamond with its name beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from recovery.fairness.control import Point
from recovery.fairness.funnel import WIDE, WIDER, Funnel
from web.fairness.drawing import INK, SOFT, framed, inline
from web.i18n import mark

Say = Callable[[str], str]
STEPS = 60
"""Sizes for which the limits of a funnel are drawn."""
MOST_NAMED = 6
"""Points beyond their limits that are named; more would lie on top of each other."""
LINES = {WIDE: [6, 3], WIDER: [2, 3]}
"""How the two limits are dashed."""


def funnel(found: Funnel, say: Say, name: Callable[[str], str]) -> Any:
    """The share of each against the number of its complaints, between the limits of chance."""
    import altair as alt

    x = alt.X("n:Q", title=say(mark("Complaints")), scale=alt.Scale(zero=True, nice=True))
    y = alt.Y("share:Q", title=say(mark("Share")), axis=alt.Axis(format=".0%"),
              scale=alt.Scale(zero=False, nice=True))  # fmt: skip
    lines = [
        alt.Chart(inline(rows)).mark_line(color=SOFT, strokeDash=LINES[beyond]).encode(
            x=x, y=y, detail="side:N")
        for beyond, rows in _limits(found)
    ]  # fmt: skip
    middle = alt.Chart(inline([{"share": found.share}])).mark_rule(color=SOFT).encode(y=y)
    return framed(alt.layer(*lines, middle, *_points([
        {"n": u.n, "share": u.share, "name": name(u.unit), "out": u.place != "within"}
        for u in found.units
    ], x, y)), height=260)  # fmt: skip


def _limits(found: Funnel) -> list[tuple[float, list[dict[str, Any]]]]:
    """For each limit the rows of its two lines, from the smallest to the largest of them."""
    import numpy as np
    from scipy.stats import binom

    ns = [u.n for u in found.units]
    sizes = np.unique(np.linspace(min(ns), max(ns) * 1.05, STEPS).round())
    mean = found.share or 0.0
    return [
        (beyond, [
            {"n": float(n), "share": float(binom.ppf(p, n, mean)) / float(n), "side": side}
            for side, p in (("low", beyond / 2), ("high", 1 - beyond / 2)) for n in sizes
        ])
        for beyond in LINES
    ]  # fmt: skip


def control(points: Sequence[Point], say: Say, *, form: str, title: str, unit: float = 1.0) -> Any:
    """The months in their order, with the mean and the limits of each."""
    import altair as alt

    rows = [
        {"month": p.name, "value": p.value / unit, "mean": p.mean / unit, "low": p.low / unit,
         "high": p.high / unit, "name": p.name, "out": p.beyond or p.run}
        for p in points
    ]  # fmt: skip
    x = alt.X("month:O", title=say(mark("Month of receipt")),
              axis=alt.Axis(labelAngle=-45, labelOverlap=True))  # fmt: skip
    y = alt.Y("value:Q", title=title, axis=alt.Axis(format=form, tickCount=6),
              scale=alt.Scale(zero=False, nice=True))  # fmt: skip
    base = alt.Chart(inline(rows))
    limits = [
        base.mark_line(color=SOFT, strokeDash=[6, 3], interpolate="step").encode(
            x=x, y=alt.Y(f"{side}:Q"))
        for side in ("low", "high")
    ]  # fmt: skip
    mean = base.mark_line(color=SOFT).encode(x=x, y=alt.Y("mean:Q"))
    line = base.mark_line(color=INK, strokeWidth=1.2).encode(x=x, y=y)
    return framed(alt.layer(*limits, mean, line, *_points(rows, x, y)), height=240)


def _points(rows: list[dict[str, Any]], x: Any, y: Any) -> list[Any]:
    """The points, and the names of those that lie outside."""
    import altair as alt

    shape = alt.Shape(
        "out:N", legend=None, scale=alt.Scale(domain=[False, True], range=["circle", "diamond"])
    )
    outside = [row for row in rows if row["out"]]
    dots = alt.Chart(inline(rows)).mark_point(filled=True, size=60, color=INK, opacity=1).encode(
        x=x, y=y, shape=shape)  # fmt: skip
    words = alt.Chart(inline(outside)).mark_text(align="left", dx=7, dy=-6, color=INK, fontSize=11)
    names = words.encode(x=x, y=y, text="name:N")
    return [dots, names] if 0 < len(outside) <= MOST_NAMED else [dots]
