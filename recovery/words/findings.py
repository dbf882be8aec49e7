"""What can be found in the words of a letter, why is it told, and what could stand there?"""

from __future__ import annotations

from typing import Literal

import msgspec

from recovery.events import LetterKind

Tongue = Literal["en", "zh"]


class Sentence(str):
    """A sentence that pages say, and translate."""

    __slots__ = ()


class Reason(msgspec.Struct, frozen=True):
    """Why something is told, and what helps."""

    why: str
    instead: str


class Finding(msgspec.Struct, frozen=True, order=True):
    """One thing in the words that speaks against sending them as they are."""

    start: int
    end: int
    """Where it stands; both 0 where something is missing from the whole."""
    code: str

    @property
    def why(self) -> str:
        return REASONS[self.code].why

    @property
    def instead(self) -> str:
        return REASONS[self.code].instead


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What the check knows of the letter and whom it goes to."""

    kind: LetterKind = "message"
    language: str = "en"
    """The complainant's, BCP 47."""
    reference: str = ""
    name: str = ""
    """The complainant's; empty where it is not known."""
    colleagues: tuple[str, ...] = ()
    """Names of those who work on the desk."""
    cause: str = ""
    """The cause that the letter names besides the agent's words."""


_HEARD = Sentence("Say what you have understood, and ask for the one thing that is missing.")
_CAN = Sentence("Say what we can do, and by when.")
_BASIS = Sentence("Say which rule it is, what it is there for, and what is possible under it.")
_OURS = Sentence("Say what we do next, and who does it.")
_FACTS = Sentence("Say what we found, in facts, and let them speak.")

REASONS: dict[str, Reason] = {
    "not_understand": Reason(
        Sentence("This tells the complainant that they make no sense."), _HEARD
    ),
    "mixed_up": Reason(Sentence("This tells the complainant that they are confused."), _FACTS),
    "you_should": Reason(
        Sentence("This tells the complainant what they should have done."), _OURS
    ),
    "we_will_not": Reason(Sentence("This refuses without a way out."), _CAN),
    "we_cannot": Reason(Sentence("This says that nothing can be done."), _CAN),
    "you_are_wrong": Reason(Sentence("This tells the complainant that they are wrong."), _FACTS),
    "nobody_complained": Reason(
        Sentence("This makes the complainant the odd one out."),
        Sentence("Leave the others out: this complaint stands on its own."),
    ),
    "company_rule": Reason(
        Sentence("A rule named as the whole reason ends the conversation."), _BASIS
    ),
    "do_not_know": Reason(
        Sentence("This leaves the complainant with our ignorance."),
        Sentence("Say who will find out, and by when they hear of it."),
    ),
    "not_my_business": Reason(Sentence("This sends the complainant away."), _OURS),
    "not_responsible": Reason(
        Sentence("This turns responsibility away before anything is explained."), _FACTS
    ),
    "always_done_so": Reason(
        Sentence("That it was always so explains nothing and promises nothing."), _BASIS
    ),
    "your_decision": Reason(
        Sentence("This leaves the complainant alone with it."),
        Sentence("Say what each choice means for them."),
    ),
    "absolutely_not": Reason(Sentence("This slams a door."), _CAN),
    "blames_complainant": Reason(
        Sentence("This blames the complainant."),
        Sentence("Say what happened without saying whose fault it was, unless it was ours."),
    ),
    "blames_colleague": Reason(
        Sentence("This blames a colleague or a part of our house: to the complainant we are one."),
        Sentence("Write “we”, and say what we do about it."),
    ),
    "no_cause": Reason(
        Sentence("An explanation says why it happened, and this one does not seem to."),
        Sentence("Add a sentence with the cause, or choose one from the list."),
    ),
    "no_consequence": Reason(
        Sentence("An explanation says what follows, and this one does not seem to."),
        Sentence("Add what we have done or will do about it."),
    ),
    "promise_without_date": Reason(
        Sentence("This promises something without saying by when."),
        Sentence("Name a day, or a number of days."),
    ),
    "other_language": Reason(
        Sentence("This is not the language that the letter is written in."),
        Sentence("Write in the complainant's language."),
    ),
    "open_field": Reason(
        Sentence("A gap was left open here."), Sentence("Fill it in or take it out.")
    ),
    "other_name": Reason(
        Sentence("This greets somebody by a name that is not the complainant's."),
        Sentence("The letter greets them already: leave the greeting out."),
    ),
    "other_reference": Reason(
        Sentence("This is the reference of another complaint."),
        Sentence("Check that nothing about somebody else stands here."),
    ),
}  # fmt: skip
CODES = tuple(REASONS)
"""In this order they are counted."""
