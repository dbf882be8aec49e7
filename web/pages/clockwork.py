"""What did time do to the complaint's promises, told as entries of its timeline?"""

from __future__ import annotations

from collections.abc import Mapping

from recovery.events import (
    Breached,
    Cleared,
    ClockEvent,
    Event,
    LetterLeft,
    Moved,
    Reapplied,
    SteppedUp,
    Warned,
)
from web.pages.viewer import Viewer
from web.pages.words import labeller

MARKS = {
    "clock.warned": ("clock", ""),
    "clock.breached": ("late", "late"),
    "clock.stepped_up": ("up", ""),
    "clock.cleared": ("check", "good"),
    "clock.letter_left": ("mail", ""),
    "clock.reapplied": ("longer", ""),
}
"""Icon and tone by topic."""


def title(event: ClockEvent | Reapplied | LetterLeft, viewer: Viewer) -> str:
    """What happened, in one sentence."""
    if isinstance(event, LetterLeft):
        kind = labeller(viewer.language)("letter", event.kind)
        return viewer.say("The letter left: %(kind)s") % {"kind": kind}
    if isinstance(event, Reapplied):
        return viewer.say("Follows another version of the policy")
    clock = labeller(viewer.language)("clock", event.clock)
    match event:
        case Warned():
            said = viewer.say("%(clock)s: %(percent)d %% of the time was over")
            return said % {"clock": clock, "percent": event.percent}
        case Breached() if event.at:
            due = viewer.say("%(clock)s was due %(instant)s and not done")
            return due % {"clock": clock, "instant": viewer.short(event.at)}
        case SteppedUp():
            step = viewer.say("%(clock)s: escalation, step %(step)d")
            return step % {"clock": clock, "step": event.step}
        case Cleared():
            return viewer.say("%(clock)s turned out to have been done in time") % {"clock": clock}
        case _:
            return clock


def more(event: Event, people: Mapping[str, str], viewer: Viewer) -> list[str]:
    """What else there is to say; who was told is said with their notices."""
    match event:
        case Warned():
            return [viewer.say("Due %(instant)s") % {"instant": viewer.short(event.due)}]
        case SteppedUp():
            return _effects(event, people, viewer)
        case _:
            return []


def lines(event: Event, viewer: Viewer) -> list[str]:
    """Each promise that another version of the policy moved."""
    moved = event.moved if isinstance(event, Reapplied) else ()
    return [_moved(each, viewer) for each in moved]


def _effects(event: SteppedUp, people: Mapping[str, str], viewer: Viewer) -> list[str]:
    """What the step did besides telling colleagues."""
    found = []
    if event.assigned:
        agent = people.get(event.assigned) or event.assigned.partition(":")[2]
        found.append(viewer.say("Given to %(agent)s") % {"agent": agent})
    if event.severity:
        severity = labeller(viewer.language)("severity", event.severity)
        found.append(viewer.say("Severity raised: %(severity)s") % {"severity": severity})
    if not found and not event.notified:
        found.append(viewer.say("There was nothing left to do"))
    return found


def _moved(moved: Moved, viewer: Viewer) -> str:
    clock = labeller(viewer.language)("clock", moved.clock)
    before = viewer.short(moved.before) if moved.before else ""
    after = viewer.short(moved.after) if moved.after else ""
    if before and after:
        said = viewer.say("%(clock)s was due %(before)s, is due %(after)s")
    elif after:
        said = viewer.say("%(clock)s is due %(after)s")
    else:
        said = viewer.say("%(clock)s was due %(before)s, is no longer due")
    return said % {"clock": clock, "before": before, "after": after}
