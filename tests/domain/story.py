"""Given some history, when something is done, then: the words the domain tests are written in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from recovery.complaint import Complaint
from recovery.complaint_state import State, evolve
from recovery.errors import Refused
from recovery.events import (
    Acknowledged,
    Closed,
    Event,
    Explained,
    Outcome,
    Received,
    Reopened,
    Withdrawn,
)  # fmt: skip
from tests.cast import ANA, COMPLAINANT, HOUR, NINE

REFERENCE = "7GQ2M4XK9T"


def received() -> Received:
    return Received(
        at=NINE, by=ANA, complainant="lee", channel="phone", language="en",
        policy="house", policy_version="1",
    )  # fmt: skip


def acknowledged() -> Acknowledged:
    return Acknowledged(at=NINE + HOUR, by=ANA)


def explained(outcome: Outcome = "upheld") -> Explained:
    return Explained(at=NINE + 2 * HOUR, by=ANA, outcome=outcome)


def closed(outcome: Outcome = "upheld") -> Closed:
    return Closed(at=NINE + 3 * HOUR, by=ANA, outcome=outcome)


def withdrawn() -> Withdrawn:
    return Withdrawn(at=NINE + HOUR, by=COMPLAINANT)


def reopened() -> Reopened:
    return Reopened(at=NINE + 4 * HOUR, by=COMPLAINANT, reason="not_content")


def state_after(*events: Event) -> State:
    state: State | None = None
    for event in events:
        state = evolve(state, event)
    assert state is not None
    return state


class Given:
    """A complaint with a history."""

    def __init__(self, *events: Event) -> None:
        state = state_after(*events) if events else None
        self.complaint = Complaint(REFERENCE, len(events), state)

    def when(self, act: Callable[[Complaint], None]) -> Given:
        act(self.complaint)
        return self

    def then(self, *events: Event) -> None:
        assert [r.event for r in self.complaint.pending] == list(events)

    def then_refused(self, act: Callable[[Complaint], None], because: str) -> None:
        with pytest.raises(Refused, match=because):
            act(self.complaint)
        assert self.complaint.pending == []
