"""How does a promise look to somebody who has to keep it?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

import msgspec

from recovery.policy.clocks import Clock
from web.i18n import both, catalogue
from web.pages.viewer import Viewer
from web.pages.words import labeller

SOON = 0.25
"""A clock with less than this share of its time left is due soon."""
UNITS = {
    "business hour": both("%(num)d business hour", "%(num)d business hours"),
    "business day": both("%(num)d business day", "%(num)d business days"),
    "hour": both("%(num)d hour", "%(num)d hours"),
    "day": both("%(num)d day", "%(num)d days"),
    "week": both("%(num)d week", "%(num)d weeks"),
    "month": both("%(num)d month", "%(num)d months"),
}


class Badge(msgspec.Struct, frozen=True, kw_only=True):
    """One clock in a list, in the viewer's words."""

    name: str
    tone: str
    """soon, late, still, good, or nothing."""
    mark: str
    left: str
    title: str
    """The exact instant, and what was promised."""


class Face(Badge, frozen=True, kw_only=True):
    """One clock on its complaint."""

    code: str
    cycle: int
    passed: int
    """Percent of its time, for the clock's face; 100 when it is over."""
    due: datetime | None
    target: str
    live: bool


def faces(clocks: Iterable[Clock], viewer: Viewer) -> list[Face]:
    """Every clock of the newest cycle, those that run first, the most urgent first."""
    latest: dict[str, Clock] = {}
    for clock in clocks:
        if clock.name not in latest or clock.cycle > latest[clock.name].cycle:
            latest[clock.name] = clock
    never = viewer.now + timedelta(days=400_000)
    found = [face(clock, viewer) for clock in latest.values()]
    return sorted(found, key=lambda f: (not f.live, f.due or never))


def most_urgent(clocks: Sequence[Clock], viewer: Viewer) -> Badge | None:
    """The one that a queue shows: the next due, else one that stands still."""
    running = [clock for clock in clocks if clock.state == "running" and clock.due]
    if running:
        return badge(min(running, key=lambda clock: clock.due or viewer.now), viewer)
    paused = next((clock for clock in clocks if clock.state == "paused"), None)
    return badge(paused, viewer) if paused else None


def badge(clock: Clock, viewer: Viewer) -> Badge:
    tone, mark, left = _look(clock, viewer)
    return Badge(
        name=labeller(viewer.language)("clock", clock.name), tone=tone, mark=mark, left=left,
        title=_title(clock, viewer),
    )  # fmt: skip


def face(clock: Clock, viewer: Viewer) -> Face:
    tone, mark, left = _look(clock, viewer)
    return Face(
        code=clock.name, cycle=clock.cycle, name=labeller(viewer.language)("clock", clock.name),
        tone=tone, mark=mark, left=left, title=_title(clock, viewer),
        passed=_passed(clock, viewer), due=clock.due, target=target(clock.target, viewer.language),
        live=clock.state in ("running", "paused"),
    )  # fmt: skip


@lru_cache(maxsize=512)
def target(words: str, language: str) -> str:
    """The promise in a language: "4 business hours"; as it is where it says more."""
    number, _, unit = words.partition(" ")
    forms = UNITS.get(unit.removesuffix("s"))
    if forms is None or not number.isdecimal():
        return words
    return catalogue(language).ngettext(*forms, int(number)) % {"num": int(number)}


@lru_cache(maxsize=512)
def _promised(words: str, language: str) -> str:
    say = catalogue(language).gettext
    return say("Promised within %(target)s") % {"target": target(words, language)}


def _look(clock: Clock, viewer: Viewer) -> tuple[str, str, str]:
    """Tone, icon and words."""
    say = viewer.say
    if clock.state == "running" and clock.due:
        late = clock.due < viewer.now
        tone = "late" if late else ("soon" if _share_left(clock, viewer.now) < SOON else "")
        return tone, "late" if late else "clock", viewer.until(clock.due)
    if clock.state == "paused":
        return "still", "pause", say("stands still")
    if clock.met:
        return "good", "check", say("kept")
    if clock.met is False:
        return "late", "late", _missed(clock, viewer)
    if clock.state == "cancelled":
        return "", "check", say("no longer needed")
    return "", "clock", say("not known")


def _missed(clock: Clock, viewer: Viewer) -> str:
    if clock.due and clock.stopped_at and clock.stopped_at > clock.due:
        return viewer.say("%(span)s late") % {"span": viewer.span(clock.stopped_at - clock.due)}
    return viewer.say("late")


def _title(clock: Clock, viewer: Viewer) -> str:
    promised = _promised(clock.target, viewer.language)
    if clock.due is None:
        return promised
    due = viewer.say("Due %(instant)s") % {"instant": viewer.exact(clock.due)}
    return f"{due} · {promised}"


def _share_left(clock: Clock, now: datetime) -> float:
    assert clock.due is not None
    whole = clock.due - clock.started_at if clock.started_at else timedelta(0)
    return (clock.due - now) / whole if whole > timedelta(0) else 0.0


def _passed(clock: Clock, viewer: Viewer) -> int:
    if clock.state != "running" or clock.due is None:
        return 0 if clock.state == "paused" else 100
    return round(100 * min(1.0, max(0.0, 1 - _share_left(clock, viewer.now))))
