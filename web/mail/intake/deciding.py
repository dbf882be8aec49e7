"""What is to be done with a message, given what it is and which case it speaks of?

Without a database: the whole rule on one page. What is not clear is never attached; it waits for a
person.
"""

from __future__ import annotations

import msgspec

from recovery.maillist import Cut, Outcome, Traffic
from web.mail.intake.believing import believed, doubted
from web.mail.intake.matching import Match
from web.mail.reading import Understood

COMPLAINTS_A_DAY = 20
"""That begin by themselves with mail from one address; more wait for a person."""
RECEIPTS_A_DAY = 5
"""Automatic letters to one address: two desks that answer each other stop here."""
RECEIPTS_A_SUBJECT = 50
"""Automatic letters within an hour to whoever writes under one subject, from whatever address."""
MESSAGES_ON_A_CASE = 30
"""Within an hour; what comes beyond waits for a person, or is kept apart if a machine says it."""


class Sender(msgspec.Struct, frozen=True, kw_only=True):
    """What the desk knows of whoever sent a message."""

    colleague: str = ""
    """Who they are, where the address is that of somebody who works here."""
    answers_notice: bool = False
    """Whether they write to the address that only a notice to them named."""


class Decision(msgspec.Struct, frozen=True):
    """What is to become of the message, and why, where it has to wait: a code."""

    outcome: Outcome
    reason: str = ""
    cut: Cut = ""


UNHEARD = Traffic()


def decide(
    message: Understood, match: Match, sender: Sender, *, went_to: str = "",
    traffic: Traffic = UNHEARD,
) -> Decision:  # fmt: skip
    """`went_to` is the address of the letter that a report is about."""
    match message.kind:
        case "bounce_hard" | "bounce_soft" | "delayed":
            return _reported(message, match, went_to)
        case "abuse_report" | "receipt" | "auto_reply":
            floods = is_about(message, match) and traffic.case >= MESSAGES_ON_A_CASE
            return Decision(message.kind, cut="case" if floods else "")
        case "list_or_bulk":
            return Decision("held", "bulk")
        case _:
            return _said(message, match, sender, traffic)


def is_about(message: Understood, match: Match) -> bool:
    """Whether mail of a machine belongs on the case it speaks of."""
    return bool(match.complaint) and not match.is_notice and (
        match.by == "token" or match.is_complainants or message.report is not None
    )  # fmt: skip


def _reported(message: Understood, match: Match, went_to: str) -> Decision:
    """Whoever reports a letter as lost must know where it went: its number can be guessed at."""
    if match.letter is None:
        return Decision("held", "report_on_unknown")
    named = {r.address.casefold() for r in message.report.recipients} if message.report else set()
    if match.by != "token" and went_to not in named:
        return Decision("held", "report_does_not_fit")
    return Decision("delayed" if message.kind == "delayed" else "bounce")


def _said(message: Understood, match: Match, sender: Sender, traffic: Traffic) -> Decision:
    theirs = bool(sender.colleague) or match.is_notice
    if theirs and not (sender.answers_notice and believed(message) and match.complaint):
        return Decision("held", "colleague")
    if message.held and not theirs:
        return Decision("held", message.held.code)
    if match.complaint and traffic.case >= MESSAGES_ON_A_CASE:
        return Decision("held", "too_many_on_case", "case")
    if theirs:
        return Decision("answered")
    if match.complaint:
        return _about(message, match)
    if traffic.complaints >= COMPLAINTS_A_DAY:
        return Decision("held", "too_many", "address")
    return Decision("complaint")


def _about(message: Understood, match: Match) -> Decision:
    """Only the token proves anything about whoever holds it: references can be made up."""
    heard = match.by == "token" or believed(message)
    if match.is_complainants and heard:
        return Decision("appended")
    if match.by == "token" or (match.is_party and heard):
        return Decision("third_party")
    return Decision("proposed", "doubted" if match.is_complainants else "unknown_sender")


def may_be_answered(message: Understood) -> bool:
    """Whether a receipt may go out for a new complaint."""
    return message.answerable and not doubted(message)


def too_much(traffic: Traffic) -> Cut:
    """Why it does not go out all the same: programs that answer each other make much of it."""
    if traffic.complaints >= RECEIPTS_A_DAY:
        return "address"
    return "subject" if traffic.subject >= RECEIPTS_A_SUBJECT else ""
