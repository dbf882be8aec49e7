"""What does the complainant say of the outcome, and of how it went?

They accept it, contest it, or tell us afterwards how it was. Whoever contests is listened to again:
the complaint is open from then on.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from recovery import text as texts
from recovery.carrier import Carrier
from recovery.complaint import Complaint
from recovery.errors import Invalid
from recovery.events import (
    FilesAdded,
    MessageReceived,
    OutcomeAccepted,
    Reopened,
    Surveyed,
)
from recovery.files import NewFile
from recovery.sealing import Sealer
from recovery.store import Command, Done, Store
from recovery.vault import Vault, Words

BY = "complainant"
LOWEST, HIGHEST = 1, 5
MARKS = ("experience", "expected", "process", "treatment")
Fulfilled = Literal["yes", "partly", "no"]
Returning = Literal["yes", "perhaps", "no"]


class Opinion(msgspec.Struct, frozen=True, kw_only=True):
    """How it went, in the complainant's eyes; marks are 1 to 5, only the first is needed."""

    experience: int | None = None
    expected: int | None = None
    fulfilled: Fulfilled | None = None
    process: int | None = None
    treatment: int | None = None
    returning: Returning | None = None
    words: str = ""


class Feedback:
    """What the complainant does with their own complaint."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._carrier = Carrier(store, vault)

    def write(
        self, reference: str, *, at: datetime, text: str, files: tuple[NewFile, ...] = (),
        command: Command | None = None,
    ) -> Done:  # fmt: skip
        """Take a message, files, or both, open or closed. Raises Invalid when it is neither."""
        said = texts.clean(text, field="text")
        if not said and not files:
            raise Invalid("The message is empty.", field="text")

        def decide(complaint: Complaint, papers: Sealer) -> None:
            if said:
                message = papers.seal(Words(said))
                complaint.receive_message(
                    MessageReceived(
                        at=at, by=BY, cause=_cause(command), channel="web", message=message
                    )
                )
            if files:
                listing = papers.listing(files)
                complaint.add_files(
                    FilesAdded(at=at, by=BY, cause=_cause(command), listing=listing)
                )

        return self._carrier.act(reference, decide, at=at, command=command, seen=None)

    def accept(self, reference: str, *, at: datetime, command: Command | None = None) -> Done:
        """The outcome settles it."""
        event = OutcomeAccepted(at=at, by=BY, cause=_cause(command))
        return self._carrier.trigger(reference, event, Complaint.accept, command=command, seen=None)

    def contest(
        self, reference: str, *, at: datetime, text: str, command: Command | None = None
    ) -> Done:
        """The outcome does not settle it: the complaint is opened again, with the reason."""
        said = texts.required(
            text, field="text", sentence="Tell us what is still wrong, so that we can look again."
        )

        def decide(complaint: Complaint, papers: Sealer) -> None:
            words = papers.seal(Words(said))
            if complaint.state.goes_on:  # explained and not closed yet, or answered elsewhere
                complaint.receive_message(
                    MessageReceived(
                        at=at, by=BY, cause=_cause(command), channel="web", message=words
                    )
                )
                return
            complaint.reopen(
                Reopened(at=at, by=BY, cause=_cause(command), reason="disputed", words=words)
            )

        return self._carrier.act(reference, decide, at=at, command=command, seen=None)

    def survey(
        self, reference: str, *, at: datetime, opinion: Opinion, command: Command | None = None
    ) -> Done:
        """How it went. Raises Invalid without a mark, and for marks that are none."""
        for name in MARKS:
            _require_a_mark(getattr(opinion, name), name)
        experience = opinion.experience
        if experience is None:
            raise Invalid("Choose how it went, all in all.", field="experience")

        def decide(complaint: Complaint, papers: Sealer) -> None:
            complaint.survey(
                Surveyed(
                    at=at, by=BY, cause=_cause(command), experience=experience,
                    expected=opinion.expected, process=opinion.process,
                    treatment=opinion.treatment, fulfilled=opinion.fulfilled,
                    returning=opinion.returning, words=papers.words(opinion.words),
                )
            )  # fmt: skip

        return self._carrier.act(reference, decide, at=at, command=command, seen=None)


def _require_a_mark(value: int | None, field: str) -> None:
    if value is not None and not LOWEST <= value <= HIGHEST:
        raise Invalid("Choose a mark from 1 to 5.", field=field)


def _cause(command: Command | None) -> str:
    return f"command:{command.id}" if command else ""
