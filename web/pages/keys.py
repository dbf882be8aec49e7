"""Which keys does the desk know? The sheet that `?` opens is made from this."""

from __future__ import annotations

import msgspec

from web.i18n import mark
from web.pages.side import OTHERS, PLACES


class Key(msgspec.Struct, frozen=True):
    """What to press, and what it does; "g q" is one key after the other."""

    keys: tuple[str, ...]
    words: str
    role: str = ""
    """Who may use it; anybody where it is empty."""


def _role(role: str) -> str:
    return "" if role == "agent" else role


class Group(msgspec.Struct, frozen=True):
    """Keys that work in the same place."""

    title: str
    keys: tuple[Key, ...]


SHEET: tuple[Group, ...] = (
    Group(
        mark("Everywhere"),
        (
            Key(("?",), mark("Show this sheet")),
            Key(("Ctrl", "K"), mark("Go anywhere, do anything")),
            Key(("/",), mark("Search")),
            Key(("n",), mark("New complaint")),
            Key(("w",), mark("Take the next complaint")),
            Key(("Ctrl", "Enter"), mark("Send the form you are in")),
            Key(("Esc",), mark("Leave the field, close what is open")),
        ),
    ),
    Group(
        mark("Go to"),
        (
            *(Key(("g", place.key), place.words) for place in PLACES),
            *(Key(("g", other.key), other.words, _role(other.role)) for other in OTHERS),
            Key(("g", "l"), mark("Letters")),
            Key(("g", "p"), mark("Policies")),
            Key(("g", "y"), mark("Payouts"), "supervisor"),
            Key(("g", "s"), mark("SLA report"), "supervisor"),
            Key(("g", "f"), mark("Fairness audits"), "supervisor"),
            Key(("g", "h"), mark("Health"), "supervisor"),
        ),
    ),
    Group(
        mark("In a list"),
        (
            Key(("j",), mark("Next row")),
            Key(("k",), mark("Row before")),
            Key(("Enter",), mark("Open the row")),
            Key(("l",), mark("Next page")),
            Key(("f",), mark("Filter")),
            Key(("x",), mark("Choose the row; with Shift and a click, all rows up to there")),
            Key(("b",), mark("Do something with the chosen ones")),
        ),
    ),
    Group(
        mark("In the approvals"),
        (
            Key(("Enter",), mark("Open how the amount came about"), "supervisor"),
            Key(("x",), mark("Choose the row"), "supervisor"),
            Key(("a",), mark("Approve what is chosen, or the row"), "supervisor"),
            Key(("d",), mark("Decline the row, with a reason"), "supervisor"),
        ),
    ),
    Group(
        mark("In mail that waits"),
        (
            Key(("x",), mark("Choose the message")),
            Key(("b",), mark("Put the chosen aside")),
            Key(("c",), mark("Make it a complaint")),
            Key(("r",), mark("Try again")),
            Key(("d",), mark("Put it aside")),
            Key(("u",), mark("Back to the list")),
        ),
    ),
    Group(
        mark("On a complaint"),
        (
            Key(("q",), mark("Acknowledge")),
            Key(("e",), mark("Explain")),
            Key(("m",), mark("Compensate")),
            Key(("c",), mark("Close")),
            Key(("r",), mark("Write to the complainant")),
            Key(("x",), mark("Note for colleagues")),
            Key(("i",), mark("What the complainant said")),
            Key(("a",), mark("Assign")),
            Key(("s",), mark("Classify")),
            Key(("t",), mark("Take it myself")),
            Key(("z",), mark("Cancel the letter that is about to leave")),
            Key(("p",), mark("Wait, or stop waiting")),
            Key(("u",), mark("Back to the queue")),
            Key((".",), mark("Copy the reference; in a list, of the row")),
        ),
    ),
)
