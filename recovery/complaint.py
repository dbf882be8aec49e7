"""What may be done with a complaint? Check, then trigger; a refusal is a sentence."""

from __future__ import annotations

from recovery.complaint_state import State, evolve
from recovery.errors import NotFound, Refused
from recovery.events import (
    Acknowledged,
    Assigned,
    Classified,
    Closed,
    Compensated,
    CompensationProposed,
    Escalated,
    Event,
    Explained,
    Extended,
    FilesAdded,
    GaveBack,
    GuaranteeClaimed,
    IncidentRecorded,
    LetterReturned,
    Linked,
    MailFiled,
    Merged,
    MessageReceived,
    MessageSent,
    MilestoneReached,
    NoteAdded,
    OutcomeAccepted,
    PartyAdmitted,
    PartyRefused,
    Paused,
    Received,
    Recorded,
    Released,
    Reopened,
    ReplyKept,
    Resumed,
    StaffNamed,
    Surveyed,
    TookIn,
    Unlinked,
    Unmerged,
    Withdrawn,
    complaint_stream,
)  # fmt: skip
from recovery.reference import show

EXTENDABLE = 3_650
"""Days, in all: however often a promise is prolonged, it stays a date that can be reckoned."""


class Complaint:
    """A complaint as a command sees it: its state, and the events it has just triggered."""

    def __init__(self, reference: str, version: int = 0, state: State | None = None) -> None:
        self.reference = reference
        self.version = version
        self.pending: list[Recorded] = []
        self._state = state

    @property
    def state(self) -> State:
        if self._state is None:
            raise NotFound(f"There is no complaint {self.reference}.")
        return self._state

    def receive(self, event: Received) -> None:
        """Start the stream; raises Refused when it has been started already."""
        if self._state is not None:
            raise Refused("This complaint has already been received.")
        self._trigger(event)

    def acknowledge(self, event: Acknowledged) -> None:
        self._require_open()
        self._refuse(self.state.acknowledged, "This complaint has already been acknowledged.")
        self._trigger(event)

    def explain(self, event: Explained) -> None:
        self._require_open()
        self._refuse(
            self.state.explained and event.outcome == self.state.outcome,
            "This outcome has already been explained to the complainant. "
            "Write a message to add to it, or choose another outcome to correct it.",
        )
        self._trigger(event)

    def compensate(self, event: Compensated) -> None:
        self._require_open()
        self._require(
            event.kind == "in_kind" or event.money is not None,
            "Say how much: an amount and its currency.",
        )
        self._trigger(event)

    def check_open(self) -> None:
        """Raises Refused where the desk's work on it has ended."""
        self._require_open()

    def propose(self, event: CompensationProposed) -> None:
        self._require_open()
        self._trigger(event)

    def grant(self, event: Compensated) -> None:
        """What was proposed and is approved now, whatever became of the complaint meanwhile."""
        self._require(event.payout in self.state.proposals, "Nobody proposed this compensation.")
        self._trigger(event)

    def close(self, event: Closed) -> None:
        self._require_open()
        self._require(
            self.state.explained or event.outcome in ("withdrawn", "out_of_scope"),
            "Explain the outcome to the complainant before closing.",
        )
        told = _words(self.state.outcome)
        self._require(
            not self.state.explained or event.outcome == self.state.outcome,
            f"The complainant was told: {told}. Explain the new outcome before closing with it.",
        )
        self._require(
            set(event.wishes) <= set(self.state.received.desired_outcomes),
            "Say only of what the complainant asked for whether they got it.",
        )
        self._trigger(event)

    def assign(self, event: Assigned) -> None:
        self._require_open()
        self._refuse(self.state.assignee == event.agent, "This agent already has the complaint.")
        self._require_unconcerned(event.agent)
        self._trigger(event)

    def take(self, event: Assigned) -> None:
        """Unlike `assign`, only what nobody has."""
        self._require_open()
        self._refuse(self.state.assignee == event.agent, "This agent already has the complaint.")
        self._refuse(self.state.assignee is not None, "Somebody else has taken this complaint.")
        self._require_unconcerned(event.agent)
        self._trigger(event)

    def name_staff(self, event: StaffNamed) -> None:
        self._refuse(event.staff == self.state.staff, "Nothing was changed.")
        self._trigger(event)
        self._take_from_concerned(event)

    def release(self, event: Released) -> None:
        self._require_open()
        self._require(self.state.assignee is not None, "Nobody has this complaint.")
        self._trigger(event)

    def classify(self, event: Classified) -> None:
        self._refuse(self.state.classified(event) is self.state, "Nothing was changed.")
        self._trigger(event)

    def add_note(self, event: NoteAdded) -> None:
        self.state  # noqa: B018 (a note needs a complaint, open or closed)
        self._trigger(event)

    def receive_message(self, event: MessageReceived) -> None:
        self.state  # noqa: B018 (what the complainant says is always taken)
        self._trigger(event)

    def add_files(self, event: FilesAdded) -> None:
        self.state  # noqa: B018 (they come with what is always taken)
        self._trigger(event)

    def file_mail(self, event: MailFiled) -> None:
        self.state  # noqa: B018 (mail is always taken)
        self._trigger(event)

    def keep_reply(self, event: ReplyKept) -> None:
        self.state  # noqa: B018 (mail programs do not ask whether a complaint is open)
        self._trigger(event)

    def decide_on_party(self, event: PartyAdmitted | PartyRefused) -> None:
        waits = self.state.parties.stranger(event.filed) is not None
        self._require(waits, "Somebody has decided on this message already.")
        self._trigger(event)

    def letter_returned(self, event: LetterReturned) -> None:
        self.state  # noqa: B018 (mail servers do not ask whether a complaint is open)
        self._trigger(event)

    def send_message(self, event: MessageSent) -> None:
        self.state  # noqa: B018 (one may write to the complainant after closing)
        self._trigger(event)

    def pause(self, event: Paused) -> None:
        self._require_open()
        self._refuse(self.state.paused, "This complaint is already waiting.")
        self._require(
            event.until is None or event.at is None or event.until > event.at,
            "The day to wait until must lie ahead.",
        )
        self._trigger(event)

    def resume(self, event: Resumed) -> None:
        self._require_open()
        self._require(self.state.paused, "This complaint is not waiting.")
        self._trigger(event)

    def extend(self, event: Extended) -> None:
        self._require_open()
        self._require(1 <= event.days <= 365, "An extension is between 1 and 365 days.")
        self._require(
            self.state.extended + event.days <= EXTENDABLE,
            "All extensions of a complaint together are at most 3,650 days.",
        )
        self._trigger(event)

    def escalate(self, event: Escalated) -> None:
        self._require_open()
        self._trigger(event)

    def withdraw(self, event: Withdrawn) -> None:
        self._require_open()
        self._trigger(event)

    def reopen(self, event: Reopened) -> None:
        self._require_unmerged()
        self._refuse(self.state.is_open, "This complaint is open already.")
        self._trigger(event)
        self._take_from_concerned(event)

    def record_incident(self, event: IncidentRecorded) -> None:
        self.state  # noqa: B018 (facts may come to light after closing)
        self._require(bool(event.facts), "Give at least one fact.")
        self._trigger(event)

    def claim(self, event: GuaranteeClaimed) -> None:
        claimed = event.guarantee in self.state.claimed  # closed or not: facts come late
        self._refuse(claimed, "This guarantee has been claimed already.")
        self._trigger(event)

    def accept(self, event: OutcomeAccepted) -> None:
        self._require(bool(self.state.outcome), "There is no outcome yet to accept.")
        self._refuse(self.state.accepted, "You have accepted this outcome already.")
        self._trigger(event)

    def survey(self, event: Surveyed) -> None:
        self._refuse(self.state.goes_on, "We are still at work on this complaint.")
        self._refuse(self.state.surveyed, "You have told us already how it went. Thank you.")
        self._trigger(event)

    def reach_milestone(self, event: MilestoneReached) -> None:
        self.state  # noqa: B018 (milestones belong to others: a bureau may report late)
        self._trigger(event)

    # ------------------------------------------------------------ ties to other complaints

    def merge(self, event: Merged) -> None:
        self._require_open()
        self._refuse(
            bool(self.state.ties.holds),
            "Other complaints are answered under this one. Unmerge them first.",
        )
        self._trigger(event)

    def take_in(self, event: TookIn) -> None:
        self._require_open()
        self._trigger(event)

    def unmerge(self, event: Unmerged) -> None:
        self._require(
            self.state.ties.into == event.complaint,
            "This complaint is not merged into another one.",
        )
        self._trigger(event)

    def give_back(self, event: GaveBack) -> None:
        self._require(
            event.complaint in self.state.ties.holds,
            "That complaint is not answered under this one.",
        )
        self._trigger(event)

    def link(self, event: Linked) -> None:
        self._refuse(
            self.state.ties.linked(event.complaint), "These complaints are linked already."
        )
        self._trigger(event)

    def unlink(self, event: Unlinked) -> None:
        self._require(self.state.ties.linked(event.complaint), "These complaints are not linked.")
        self._trigger(event)

    # ------------------------------------------------------------ rules

    def _require_unmerged(self) -> None:
        if into := self.state.ties.into:
            other = f"This complaint is answered under {show(into)}."
            raise Refused(f"{other} Work on that one, or unmerge this one first.")

    def _require_unconcerned(self, agent: str) -> None:
        self._refuse(agent in self.state.staff, "The complaint is about this person.")

    def _take_from_concerned(self, event: Event) -> None:
        """Nobody works on what is about them; who had what has ended stays on record."""
        if self.state.goes_on and self.state.assignee in self.state.staff:
            self._trigger(Released(at=event.at, by=event.by, cause=event.cause))

    def _require_open(self) -> None:
        self._require_unmerged()
        self._refuse(self.state.stage == "closed", "This complaint is closed. Reopen it first.")
        self._require(
            self.state.is_open, "The complainant withdrew this complaint. Reopen it first."
        )

    @staticmethod
    def _require(condition: bool, sentence: str) -> None:
        if not condition:
            raise Refused(sentence)

    @staticmethod
    def _refuse(condition: bool, sentence: str) -> None:
        if condition:
            raise Refused(sentence)

    def _trigger(self, event: Event) -> None:
        self.version += 1
        self.pending.append(Recorded(complaint_stream(self.reference), self.version, event))
        self._state = evolve(self._state, event)


def _words(code: str) -> str:
    return code.replace("_", " ")
