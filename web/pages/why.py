"""Why is a deadline what it is, told so that nobody has to take it on trust?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import accumulate

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from projections.whole import ticket as ticket_of
from recovery import reference as references
from recovery.errors import NotFound
from recovery.policy.clocks import Clock
from recovery.policy.explanation import Explanation, Turn, explain
from recovery.policy.segments import Segment
from web.deps import Agent, Desk
from web.pages.clockface import face, target
from web.pages.holidays import called
from web.pages.reading import reader
from web.pages.render import page
from web.pages.viewer import Viewer
from web.pages.words import labeller

router = APIRouter(prefix="/complaints/{reference}/clocks")
LOOKS = {
    "counted": "counted", "late": "late", "paused": "paused", "waiting_day": "paused",
    "holiday": "closed", "closure": "closed",
}  # fmt: skip
"""How a stretch is drawn; the others are left white."""
THINNEST = 0.6
"""Percent of the strip that a stretch takes at least, so that it can be seen."""


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """One segment, in the viewer's words."""

    look: str
    words: str
    start: datetime
    end: datetime
    counted: str
    """What it counts; nothing where it does not."""
    begins: float
    width: float
    """Percent of the strip."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One turn of a clock, in the viewer's words."""

    at: datetime
    words: str
    cause: str
    due: datetime | None
    target: str
    """Where it changed."""


@router.get("/{name}/{cycle}")
def why(request: Request, desk: Desk, me: Agent, reference: str, name: str, cycle: int) -> Response:
    """The stretches that a clock counted and did not count, and what moved its due instant."""
    viewer = Viewer.of(request)
    found = references.parse(reference)
    with reader(desk) as conn:
        ticket = ticket_of(conn, found)
    clocks = ticket.clocks if ticket else ()
    clock = next((c for c in clocks if (c.name, c.cycle) == (name, cycle)), None)
    if ticket is None or clock is None:
        raise NotFound("This complaint has no such promise.")
    version = desk.policies.version(ticket.policy, clock.policy_version or ticket.policy_version)
    told = explain(version, ticket.story, name, cycle, viewer.now)
    return page(
        request, "complaint/why.html", viewer=viewer, reference=references.show(found),
        clock=clock, look=face(clock, viewer), policy=version, cycles=_cycles(clocks, name),
        stretches=_stretches(told, viewer) if told else [],
        total=_total(told, viewer) if told else "",
        steps=_steps(told, viewer) if told else [],
    )  # fmt: skip


def _cycles(clocks: Iterable[Clock], name: str) -> list[int]:
    return [clock.cycle for clock in clocks if clock.name == name]


def _stretches(told: Explanation, viewer: Viewer) -> list[Stretch]:
    label = labeller(viewer.language)
    return [
        Stretch(
            look=LOOKS.get(segment.kind, "free"),
            words=_reason(segment, label("segment", segment.kind), viewer)
            + _clock_change(segment, viewer),
            start=segment.start, end=segment.end, begins=begins, width=width,
            counted=_amount(segment.counted, told, viewer) if segment.counted else "",
        )
        for segment, (begins, width) in zip(told.segments, _places(told.segments), strict=True)
    ]  # fmt: skip


def _reason(segment: Segment, words: str, viewer: Viewer) -> str:
    return f"{words}: {called(segment.reason, viewer)}" if segment.reason else words


def _clock_change(segment: Segment, viewer: Viewer) -> str:
    """Why a day of the stretch has an hour more or less on the viewer's wall."""
    start, end = (at.astimezone(viewer.zone).utcoffset() for at in (segment.start, segment.end))
    if start is None or end is None or start == end:
        return ""
    if start < end:
        return viewer.say(" (the clocks went forward)")
    return viewer.say(" (the clocks went back)")


def _places(segments: Sequence[Segment]) -> list[tuple[float, float]]:
    """Where each begins on the strip and how much of it it takes; they fill it together."""
    lengths = [(segment.end - segment.start).total_seconds() for segment in segments]
    whole = sum(lengths) or 1.0
    seen = [max(100 * length / whole, THINNEST) for length in lengths]
    widths = [100 * width / sum(seen) for width in seen]
    begins = accumulate(widths, initial=0.0)
    return [(round(at, 3), round(width, 3)) for at, width in zip(begins, widths, strict=False)]


def _amount(counted: float, told: Explanation, viewer: Viewer) -> str:
    if told.unit == "seconds":
        return _exact_span(timedelta(seconds=counted), viewer)
    return viewer.count_of("%(num)d day", "%(num)d days", round(counted)) % {"num": round(counted)}


def _exact_span(length: timedelta, viewer: Viewer) -> str:
    """To the second: "7 h 30 min", "0:00:20"."""
    whole = round(length.total_seconds())
    hours, rest = divmod(whole, 3600)
    minutes, seconds = divmod(rest, 60)
    if seconds:
        return f"{hours}:{minutes:02}:{seconds:02}"
    return viewer.say("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}


def _total(told: Explanation, viewer: Viewer) -> str:
    return _amount(sum(segment.counted for segment in told.segments), told, viewer)


def _steps(told: Explanation, viewer: Viewer) -> list[Step]:
    label = labeller(viewer.language)
    return [
        Step(
            at=turn.at, words=label("turn", turn.kind), due=turn.after,
            cause="" if turn.kind == turn.event else label("topic", f"complaint.{turn.event}"),
            target=_changed_target(turn, viewer.language),
        )
        for turn in told.turns
    ]  # fmt: skip


def _changed_target(turn: Turn, language: str) -> str:
    changed = turn.target_after and turn.target_after != turn.target_before
    return target(turn.target_after, language) if changed else ""
