"""Where does a complaint stand on its way from received to closed?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from projections.lines import Line
from projections.queue import Ticket
from recovery.policy.clocks import Clock
from web.pages.clockface import Face, face
from web.pages.viewer import Viewer
from web.pages.words import labeller

STAGES = ("received", "acknowledged", "explained", "compensated", "closed")
SHORT = ("received", "acknowledged", "explained", "closed")
CLOCK_OF = {"acknowledged": "acknowledge", "explained": "explain", "closed": "resolve"}
"""Which promise a stage keeps."""
PIPS = tuple((STAGES.index(stage), CLOCK_OF.get(stage, "")) for stage in SHORT)
"""Of each of the SHORT: how far along it is, and its promise."""
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


def steps(ticket: Ticket, viewer: Viewer, recorded: Mapping[str, str]) -> list[Step]:
    """The five stages of the complaint.

    `recorded` says how exactly the time of each stage is known that something is recorded of.
    """
    clocks = _latest(ticket.clocks)
    reached = _reached(ticket, recorded)
    upcoming = next((s for s in STAGES if not reached[s] and s != "compensated"), "")
    return [
        _passed(stage, ticket, viewer, clocks.get(CLOCK_OF.get(stage, "")), recorded)
        if reached[stage]
        else _ahead(stage, ticket, viewer, clocks.get(CLOCK_OF.get(stage, "")), upcoming)
        for stage in STAGES
    ]


def pips(line: Line | Ticket, now: datetime) -> tuple[str, ...]:
    """The same, as small as it goes: done, late, next or open for each stage but compensation."""
    clocks = _latest(line.clocks)
    place = _place(line.stage)
    upcoming = "next"
    found: list[str] = []
    for at, name in PIPS:
        clock = clocks.get(name)
        if clock and _is_late(clock, now):
            found.append("late")
        elif place >= at:
            found.append("done")
        else:
            found.append(upcoming)
            upcoming = "open"
    return tuple(found)


def _is_late(clock: Clock, now: datetime) -> bool:
    running_late = clock.state == "running" and clock.due is not None and clock.due < now
    return clock.met is False or running_late


def _place(stage: str) -> int:
    """How far along: a withdrawn complaint is at the end too."""
    return STAGES.index(stage) if stage in STAGES else len(STAGES)


def _latest(clocks: Iterable[Clock]) -> dict[str, Clock]:
    found: dict[str, Clock] = {}
    for clock in clocks:
        if clock.name not in found or found[clock.name].cycle <= clock.cycle:
            found[clock.name] = clock
    return found


def _reached(ticket: Ticket, recorded: Mapping[str, str]) -> dict[str, bool]:
    """A complaint that was explained has been acknowledged, whether or not a source says so."""
    closed = ticket.stage == "closed"
    explained = ticket.explained_at is not None or ticket.stage == "explained" or closed
    return {
        "received": True,
        "acknowledged": explained or "acknowledged" in recorded or "explained" in recorded,
        "explained": explained,
        "compensated": ticket.compensated_at is not None or ticket.stage == "compensated",
        "closed": not ticket.open,
    }


def _passed(
    stage: str, ticket: Ticket, viewer: Viewer, clock: Clock | None, recorded: Mapping[str, str]
) -> Step:
    """A stage that is behind us; without a time where nothing is recorded of it."""
    withdrawn = stage == "closed" and ticket.stage == "withdrawn"
    at: datetime | None = getattr(ticket, f"{stage}_at")
    precision = recorded.get(stage, "instant")
    unknown = viewer.say("day not known") if stage in recorded else ""
    return Step(
        name=labeller(viewer.language)("stage", "withdrawn" if withdrawn else stage),
        state="done", mark="check", at=at,
        time=viewer.short(at, precision) if at else unknown,
        title=viewer.exact(at, precision) if at else "",
        **_result(face(clock, viewer) if clock else None),
    )  # fmt: skip


def _ahead(stage: str, ticket: Ticket, viewer: Viewer, clock: Clock | None, upcoming: str) -> Step:
    """A stage that is still to come, and by when it was promised."""
    name = labeller(viewer.language)("stage", stage)
    look = face(clock, viewer) if clock else None
    if not ticket.open:
        return Step(name=name, state="open", mark=MARKS[stage], at=None, time="")
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
