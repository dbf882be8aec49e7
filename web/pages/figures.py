"""How do the figures of a report look?

Each is a `data` element whose value is the figure itself, as the file and the API give it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from markupsafe import Markup

from projections.sla import Kept
from projections.sla_times import Taken
from web.i18n import mark
from web.pages.viewer import Viewer

STILL_OPEN = {
    "median": mark("more than half are still open"),
    "p90": mark("more than a tenth are still open"),
    "p95": mark("more than a twentieth are still open"),
}


def figure(viewer: Viewer, value: int) -> Markup:
    """A count; machines read it in `value`."""
    shown = Markup('<data value="{}">{}</data>').format(value, viewer.number(value))
    return shown if value else Markup('<span class="soft">{}</span>').format(shown)


def share(attainment: float | None) -> Markup:
    """A share in per cent, rounded down, so that 100% means all."""
    if attainment is None:
        return Markup('<span class="soft">–</span>')
    return Markup('<data value="{}">{}%</data>').format(
        attainment, f"{round(attainment * 10_000) // 10 / 10:.1f}"
    )


def took(viewer: Viewer, row: Taken, name: str) -> Markup:
    """A quantile as a length of time, exact on hover; in words where too many are open."""
    seconds: int | None = getattr(row, name)
    if seconds is not None:
        hours, rest = divmod(seconds, 3_600)
        return Markup('<data value="{}" title="{}">{}</data>').format(
            seconds, f"{hours}:{rest // 60:02}:{rest % 60:02}", _span(viewer, seconds)
        )
    words = STILL_OPEN[name] if not row.not_known else mark("too many dates are missing")
    return Markup('<span class="soft">{}</span>').format(viewer.say(words) if row.known else "–")


def _span(viewer: Viewer, seconds: int) -> str:
    if 0 < seconds < 60:
        return viewer.say("%(seconds)d s") % {"seconds": seconds}
    return viewer.span(timedelta(seconds=seconds))


def bars(row: Kept, of: int) -> list[tuple[str, float, float]]:
    """The parts of a bar: its look, where it begins and how long it is, in per cent."""
    found, begins = [], 0.0
    for look, count in (
        ("met", row.met), ("breached", row.breached), ("open", row.running + row.paused),
    ):  # fmt: skip
        length = 100 * count / of if of else 0.0
        if length:
            found.append((look, round(begins, 2), round(length, 2)))
        begins += length
    return found


FIGURES: dict[str, Any] = {"figure": figure, "share": share, "took": took, "bars": bars}
"""What the template of a report draws figures with, by name."""
