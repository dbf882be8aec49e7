"""What does each event do to a clock that waits to start, runs, or has ended?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import NamedTuple

from recovery.policy.marks import CLASSIFIED, INCIDENT, MERGED, UNMERGED
from recovery.policy.records import ClockRule, Pause
from recovery.policy.stages import STAGES, entering

MERGED_BIT = 1
"""Being part of another complaint is a pause of its own."""
_FIRST_PAIR = 2


class Role(IntEnum):
    """What an event does to a clock, by the rule's keys and the clock's phase."""

    START = 0
    STOP_EARLY = 1
    WAIT_EARLY = 2
    RESUME_EARLY = 3
    STOP = 4
    CANCEL = 5
    PAUSE = 6
    RESUME = 7
    EXTEND = 8
    RESTART = 9
    START_AGAIN = 10
    CHANGE = 11
    LEARN = 12
    MERGE = 13
    ARM = 14


class Roles(NamedTuple):
    """What one kind of event does before, while and after the clock runs; None: nothing."""

    before: Role | None = None
    running: Role | None = None
    ended: Role | None = None
    bits: int = 0
    """The pauses that it begins or ends."""


def roles_of(rule: ClockRule, *, changeable: bool) -> Mapping[str, Roles]:
    """By kind of event; `changeable`: whether attributes or facts choose the target.

    Closing stops and withdrawing cancels, unless the rule says otherwise.
    """
    roles = {
        "closed": Roles(Role.STOP_EARLY, Role.STOP),
        "withdrawn": Roles(Role.STOP_EARLY, Role.CANCEL),
        MERGED: Roles(Role.WAIT_EARLY, Role.MERGE, None, MERGED_BIT),
        UNMERGED: Roles(Role.RESUME_EARLY, Role.RESUME, None, MERGED_BIT),
    }
    if rule.extends or rule.extension:
        roles["extended"] = Roles(running=Role.EXTEND)
    if changeable:
        change = Roles(Role.LEARN, Role.CHANGE, Role.LEARN)
        roles |= {CLASSIFIED: change, INCIDENT: change}
    roles |= dict.fromkeys(rule.stop, Roles(Role.STOP_EARLY, Role.STOP))
    _add_pauses(roles, rule)
    _add(roles, rule.after, before=Role.ARM)
    _add(roles, rule.start, before=Role.START)
    _add(roles, rule.restart, running=Role.RESTART)
    _add(roles, rule.new_cycle, ended=Role.START_AGAIN)
    return roles


def _add_pauses(roles: dict[str, Roles], rule: ClockRule) -> None:
    for index, pause in enumerate(rule.pause_pairs):
        for events, early, role in (
            (_begins(pause), Role.WAIT_EARLY, Role.PAUSE),
            (_ends(pause), Role.RESUME_EARLY, Role.RESUME),
        ):
            for event in events:
                found = roles.get(event, Roles())
                bits = found.bits if found.running == role else 0
                roles[event] = Roles(early, role, found.ended, bits | _FIRST_PAIR << index)


def _begins(pause: Pause) -> tuple[str, ...]:
    return (*pause.start, *(entering(stage) for stage in pause.stage))


def _ends(pause: Pause) -> tuple[str, ...]:
    others = (stage for stage in STAGES if pause.stage and stage not in pause.stage)
    return (*pause.end, *(entering(stage) for stage in others))


def _add(
    roles: dict[str, Roles], events: Iterable[str], *, before: Role | None = None,
    running: Role | None = None, ended: Role | None = None,
) -> None:  # fmt: skip
    """Give events a role in one phase, and leave them those of the others."""
    for event in events:
        found = roles.get(event, Roles())
        roles[event] = Roles(
            found.before if before is None else before,
            found.running if running is None else running,
            found.ended if ended is None else ended,
            found.bits,
        )
