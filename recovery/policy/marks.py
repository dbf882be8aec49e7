"""What must a clock remember of an event?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from recovery.events import (
    Acknowledged,
    Assigned,
    Classified,
    Closed,
    Compensated,
    Escalated,
    Event,
    Explained,
    Extended,
    GuaranteeClaimed,
    IncidentRecorded,
    LetterKind,
    LetterLeft,
    LetterReturned,
    MessageReceived,
    MessageSent,
    MilestoneReached,
    Paused,
    Received,
    Reopened,
    Resumed,
    Withdrawn,
)
from recovery.sending import is_held

_TIMED: tuple[type[Event], ...] = (
    Received, Acknowledged, Explained, Compensated, Closed, Assigned, MessageReceived,
    MessageSent, Paused, Resumed, Extended, Escalated, Withdrawn, Reopened,
)  # fmt: skip
_KIND_OF = {event: event.topic.partition(".")[2] for event in _TIMED}
TIMED: frozenset[type[Event]] = frozenset(_TIMED) | {
    MilestoneReached, Classified, IncidentRecorded, LetterReturned, GuaranteeClaimed, LetterLeft,
}  # fmt: skip
"""Events that leave a mark."""
KINDS: tuple[str, ...] = tuple(_KIND_OF.values())
"""The core events that a policy may name."""
CLASSIFIED, INCIDENT, CLAIMED = "classified", "incident_recorded", "guarantee_claimed"
UNDELIVERED = "undelivered"
"""A letter came back: the act that owed it reached nobody, and stops nothing."""
MERGED, UNMERGED = "merged", "unmerged"
"""The complaint became part of another one, and was taken out of it again."""
RESERVED = (*KINDS, CLASSIFIED, INCIDENT, CLAIMED, UNDELIVERED, MERGED, UNMERGED)
"""No milestone may have these names."""
ANSWERS = ("acknowledged", "explained", "message_sent")
"""What a machine may say in our name; it is no answer unless the policy says so."""
_CLAIM = "claim of "
_MACHINE, _IMPORTED = "system:", "system:import"


class Mark(msgspec.Struct, frozen=True, omit_defaults=True):
    """An event as clocks see it: its topic after the dot or the milestone's name, and when."""

    kind: str
    at: datetime | None
    """None: the source does not publish it."""
    days: int = 0
    """How far an extension goes."""
    automatic: bool = False
    """Whether a machine answered."""
    changes: tuple[tuple[str, str], ...] = ()
    """Attributes that were set, or facts that came to light."""
    act: str = ""
    act_at: datetime | None = None
    """The kind and the instant of the act that did not reach the complainant."""


def mark_of(event: Event) -> Mark | None:
    """None for events that mean nothing to a clock, and for milestones that pose as others."""
    kind = _KIND_OF.get(type(event))
    if kind is not None:
        if kind in ANSWERS and is_held(event):
            return None  # its letter has yet to leave
        days = event.days if type(event) is Extended else 0
        return Mark(kind, event.at, days, kind in ANSWERS and _by_machine(event.by))
    match event:
        case MilestoneReached() if event.milestone not in RESERVED:
            return Mark(event.milestone, event.at)
        case LetterReturned():
            return _returned(event)
        case LetterLeft() if (act := _act_of(event.kind)) in ANSWERS:
            return Mark(act, event.at)
        case Classified():
            return Mark(CLASSIFIED, event.at, changes=_classified(event))
        case IncidentRecorded():
            return Mark(INCIDENT, event.at, changes=_sorted(event.facts.items()))
        case GuaranteeClaimed() if event.at is not None:
            said = claim_of(event.guarantee), event.at.isoformat()
            return Mark(CLAIMED, event.at, changes=(said,))
        case _:
            return None


def claim_of(guarantee: str) -> str:
    """Under which name a story tells when a guarantee was claimed; no fact can have it."""
    return f"{_CLAIM}{guarantee}"


def guarantee_of(claim: Mark) -> str:
    """Which guarantee a claim asked for."""
    return claim.changes[0][0].removeprefix(_CLAIM)


def _by_machine(by: str) -> bool:
    return by.startswith(_MACHINE) and by != _IMPORTED


def _returned(event: LetterReturned) -> Mark | None:
    """Only of an act that tells something: what was granted or closed stays so."""
    act, counted_at = _act_of(event.kind), event.told_at or event.act_at
    if act not in ANSWERS or counted_at is None or event.at is None:
        return None
    return undelivered(act, counted_at, at=event.at)


def _act_of(letter: LetterKind) -> str:
    """The kind of act that owes a letter of this kind."""
    return "message_sent" if letter == "message" else letter


def undelivered(act: str, act_at: datetime, *, at: datetime) -> Mark:
    """The letter of an act came back at `at`."""
    return Mark(UNDELIVERED, at, act=act, act_at=act_at)


def _classified(event: Classified) -> tuple[tuple[str, str], ...]:
    core = {name: getattr(event, name) for name in ("category", "product", "severity")}
    told = {name: value for name, value in core.items() if value is not None}
    return _sorted({**event.attributes, **told}.items())


def _sorted(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(pairs))
