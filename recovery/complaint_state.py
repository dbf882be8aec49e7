"""What do the rules remember of a complaint, and what does each event change of it?

Nothing is refused here: history has happened.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec
from msgspec.structs import replace

from recovery.events import (
    Acknowledged,
    Assigned,
    Classified,
    Closed,
    Compensated,
    CompensationProposed,
    Event,
    Explained,
    Extended,
    GuaranteeClaimed,
    IncidentRecorded,
    LetterReturned,
    MessageReceived,
    OutcomeAccepted,
    Paused,
    Received,
    Released,
    Reopened,
    Resumed,
    Severity,
    StaffNamed,
    Surveyed,
    Withdrawn,
)  # fmt: skip
from recovery.parties import NOBODY, Parties
from recovery.ties import FREE, Ties

Stage = Literal["received", "acknowledged", "explained", "compensated", "closed", "withdrawn"]
OPEN_STAGES: tuple[Stage, ...] = ("received", "acknowledged", "explained", "compensated")


class State(msgspec.Struct, frozen=True):
    """What the rules need to remember of a complaint."""

    received: Received
    stage: Stage = "received"
    cycle: int = 1
    """1, and one more after each reopening."""
    acknowledged: bool = False
    acknowledged_at: datetime | None = None
    explained: bool = False
    explained_at: datetime | None = None
    assignee: str | None = None
    paused: bool = False
    extended: int = 0
    """Days, in all."""
    outcome: str = ""
    category: str = ""
    product: str = ""
    severity: Severity = "normal"
    attributes: dict[str, str] = {}
    claimed: tuple[str, ...] = ()
    """The guarantees that were asked for."""
    proposals: dict[str, CompensationProposed] = {}
    """Of compensation that somebody else has to approve, by payout."""
    accepted: bool = False
    """Whether the complainant said that the outcome settles it."""
    surveyed: bool = False
    """Whether they said how it went, since it was closed last."""
    facts: dict[str, str] = {}
    """Of the incident, later ones in place of earlier."""
    ties: Ties = FREE
    parties: Parties = NOBODY
    staff: tuple[str, ...] = ()
    """Colleagues whom it is about."""

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN_STAGES and not self.ties.merged

    @property
    def goes_on(self) -> bool:
        """Whether somebody is at work on it, under its own reference or under another one."""
        return self.stage in OPEN_STAGES

    def classified(self, event: Classified) -> State:
        """With what the event sets; itself where it sets nothing new."""
        found = replace(
            self,
            category=self.category if event.category is None else event.category,
            product=self.product if event.product is None else event.product,
            severity=event.severity or self.severity,
            attributes={**self.attributes, **event.attributes},
        )
        return self if found == self else found

    def untold(self, event: LetterReturned) -> State:
        """Without the act whose letter came back, where the complainant has not been told since."""
        now = self.stage, event.kind, event.act_at
        if now == ("acknowledged", "acknowledged", self.acknowledged_at):
            return replace(self, acknowledged=False, acknowledged_at=None, stage="received")
        if now == ("explained", "explained", self.explained_at):
            known = self.acknowledged_at is not None
            return replace(
                self, acknowledged=known, explained=False, explained_at=None, outcome="",
                stage="acknowledged" if known else "received",
            )  # fmt: skip
        return self


def evolve(state: State | None, event: Event) -> State | None:
    """The state after the event; an event that cannot be placed changes nothing."""
    match event, state:
        case Received(), None:
            return State(
                received=event, category=event.category, product=event.product,
                severity=event.severity, attributes=event.attributes,
            )  # fmt: skip
        case _, None:
            return None
        case Acknowledged(), State():
            stage: Stage = "acknowledged" if state.stage == "received" else state.stage
            return replace(state, acknowledged=True, acknowledged_at=event.at, stage=stage)
        case Explained(), State():
            return replace(
                state, acknowledged=True, explained=True, explained_at=event.at,
                stage="explained", outcome=event.outcome,
            )  # fmt: skip
        case CompensationProposed(), State():
            return replace(state, proposals={**state.proposals, event.payout: event})
        case Compensated(), State():
            stage = "compensated" if state.is_open else state.stage  # approved after the end
            return replace(state, stage=stage)
        case LetterReturned(), State():
            return state.untold(event)
        case Closed(), State():
            return replace(state, stage="closed", outcome=event.outcome, paused=False)
        case Withdrawn(), State():
            return replace(state, stage="withdrawn", outcome="withdrawn", paused=False)
        case Reopened(), State():
            return replace(
                state, stage="acknowledged" if state.acknowledged else "received",
                explained=False, cycle=state.cycle + 1, outcome="", accepted=False, surveyed=False,
            )  # fmt: skip
        case Classified(), State():
            return state.classified(event)
        case Assigned(), State():
            return replace(state, assignee=event.agent)
        case Released(), State():
            return replace(state, assignee=None)
        case Paused(), State():
            return replace(state, paused=True)
        case Resumed() | MessageReceived(), State():
            return replace(state, paused=False)
        case GuaranteeClaimed(), State():
            return replace(state, claimed=(*state.claimed, event.guarantee))
        case OutcomeAccepted(), State():
            return replace(state, accepted=True)
        case Surveyed(), State():
            return replace(state, surveyed=True)
        case Extended(), State():
            return replace(state, extended=state.extended + event.days)
        case StaffNamed(), State():
            return replace(state, staff=event.staff)
        case IncidentRecorded(), State():
            return replace(state, facts={**state.facts, **event.facts})
        case _, State():
            ties, parties = state.ties.after(event), state.parties.after(event)
            same = ties is state.ties and parties is state.parties
            return state if same else replace(state, ties=ties, parties=parties)
