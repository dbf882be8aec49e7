"""Where does a complaint stand on its way from received to closed?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from projections.queue import Ticket
from projections.views import Line
from recovery.policy.clocks import Clock
from web.pages.clockface import Face, face
from web.pages.viewer import Viewer
from web.pages.words import labeller

STAGES = ("received", "acknowledged", "explained", "compensated", "closed")
SHORT = ("received", "acknowledged", "explained", "closed")
CLOCK_OF = {"acknowledged": "acknowledge", "explained": "explain", "closed": "resolve"}
"""Which promise a stage keeps."""
MARKS = {
    "received": "queue", "acknowledged": "check", "explained": "explain", "compensated": "gift",
    "closed": "closed",
}  # fmt: skip


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One stage, in the viewer's words."""

    name: str
    state: str
    """done, next or open."""
    mark: str
    at: datetime | None
    time: str
    title: str = ""
    tag: str = ""
    tone: str = ""
    tag_mark: str = ""


def steps(ticket: Ticket, viewer: Viewer) -> list[Step]:
    """The five stages of the complaint."""
    clocks = _latest(ticket.clocks)
    reached = _reached(ticket)
    upcoming = next((s for s in STAGES if not reached[s] and s != "compensated"), "")
    return [
        _step(stage, ticket, viewer, clocks.get(CLOCK_OF.get(stage, "")), reached, upcoming)
        for stage in STAGES
    ]


def pips(line: Line, now: datetime) -> tuple[str, ...]:
    """The same, as small as it goes: done, late, next or open for each stage but compensation."""
    clocks = _latest(line.clocks)
    place = _place(line.stage)
    found: list[str] = []
    for stage in SHORT:
        clock = clocks.get(CLOCK_OF.get(stage, ""))
        if clock and _is_late(clock, now):
            found.append("late")
        elif place >= STAGES.index(stage):
            found.append("done")
        else:
            found.append("open" if "next" in found else "next")
    return tuple(found)


def _is_late(clock: Clock, now: datetime) -> bool:
    running_late = clock.state == "running" and clock.due is not None and clock.due < now
    return clock.met is False or running_late


def _place(stage: str) -> int:
    """How far along: a withdrawn complaint is at the end too."""
    return STAGES.index(stage) if stage in STAGES else len(STAGES)


def _latest(clocks: Iterable[Clock]) -> dict[str, Clock]:
    return {clock.name: clock for clock in sorted(clocks, key=lambda clock: clock.cycle)}


def _reached(ticket: Ticket) -> dict[str, bool]:
    """A complaint that was explained has been acknowledged, whether or not a source says when."""
    place = _place(ticket.stage)
    reached = {stage: place >= n for n, stage in enumerate(STAGES)}
    compensated = ticket.compensated_at is not None or ticket.stage == "compensated"
    explained = ticket.explained_at is not None or ticket.stage == "explained"
    acknowledged = reached["acknowledged"] or ticket.acknowledged_at is not None
    return reached | {
        "compensated": compensated, "acknowledged": acknowledged,
        "explained": explained or ticket.stage == "closed",
    }  # fmt: skip


def _step(
    stage: str, ticket: Ticket, viewer: Viewer, clock: Clock | None, reached: dict[str, bool],
    upcoming: str,
) -> Step:  # fmt: skip
    name = labeller(viewer.language)("stage", stage)
    if stage == "closed" and ticket.stage == "withdrawn":
        name = labeller(viewer.language)("stage", "withdrawn")
    at: datetime | None = getattr(ticket, f"{stage}_at")
    look = face(clock, viewer) if clock else None
    if reached[stage]:
        return Step(
            name=name, state="done", mark="check", at=at,
            time=viewer.short(at) if at else viewer.say("day not known"),
            title=viewer.exact(at) if at else "", **_result(look),
        )  # fmt: skip
    state = "next" if stage == upcoming else "open"
    if look and look.live:
        return Step(
            name=name, state=state, mark=MARKS[stage], at=look.due, title=look.title,
            time=viewer.say("by %(instant)s") % {"instant": viewer.short(look.due)}
            if look.due
            else viewer.say("stands still"),
            tag=look.left if look.due else "", tone=look.tone, tag_mark=look.mark,
        )  # fmt: skip
    time = viewer.say("if it is due") if stage == "compensated" else viewer.say("not yet")
    return Step(name=name, state=state, mark=MARKS[stage], at=None, time=time)


def _result(look: Face | None) -> dict[str, str]:
    if look is None or look.tone not in ("good", "late"):
        return {}
    return {"tag": look.left, "tone": look.tone, "tag_mark": look.mark}
