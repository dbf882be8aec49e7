"""Which form of a complaint's page stands open, and what stands in each?

What somebody typed is never lost: where its act can no longer be done, words to the complainant
move to the form for a message, and words for colleagues to the form for a note.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from projections.queue import Ticket
from web.pages.acts import ACTS
from web.pages.form import Form

TABS = ("acknowledgement", "explanation", "compensation", "closure", "letters", "messages", "notes")
"""The acts that are written in the middle of the page; the others stand at its right."""
WHILE_OPEN = (
    "acknowledgement", "explanation", "compensation", "closure", "assignment", "release", "pause",
    "resumption", "extension", "escalation", "withdrawal", "merger",
)  # fmt: skip


NOTHING: Mapping[str, Mapping[str, str]] = MappingProxyType({})


class Forms(msgspec.Struct, frozen=True, kw_only=True):
    """The forms by act, and which of them stands open."""

    forms: dict[str, Form]
    tab: str
    typed: frozenset[str]
    """Those that hold what somebody typed."""
    moved: str = ""
    """The act whose words stand in the open form now, because it can no longer be done."""


def suggested(
    ticket: Ticket, currency: str, *, acknowledged: bool, act: str = "", again: Form | None = None,
    begun: Mapping[str, Mapping[str, str]] = NOTHING, staff: Form | None = None,
) -> Forms:  # fmt: skip
    """Every form with what it suggests, with what was typed, or with what was begun before."""
    values = {
        "closure": {"outcome": ticket.outcome},
        "compensation": {"kind": "goodwill", "currency": currency},
        "messages": {"channel": "phone"},
        "classification": {
            "category": ticket.category, "product": ticket.product, "severity": ticket.severity,
        },
        "assignment": {"agent": ticket.assignee or ""},
    }  # fmt: skip
    forms = {name: Form(name, values.get(name)) for name in ACTS}
    forms["staff"] = staff or Form("staff")
    for name, words in begun.items():
        forms[name] = forms[name].with_values(words)
    act = act or next((name for name in begun if _possible(ticket, name, acknowledged)), "")
    asked = act in TABS and _possible(ticket, act, acknowledged)
    tab = act if asked else _next(ticket, acknowledged)
    if again is None:
        return Forms(forms=forms, tab=tab, typed=frozenset(begun))
    forms[again.name] = again
    typed = frozenset((*begun, again.name))
    if _possible(ticket, again.name, acknowledged):
        return Forms(forms=forms, tab=tab, typed=typed)
    for field, there in (("message", "letters"), ("words", "notes")):
        if again.value(field).strip():
            forms[there] = Form(there, {"text": again.value(field)})
            return Forms(forms=forms, tab=there, typed=typed | {there}, moved=again.name)
    return Forms(forms=forms, tab=tab, typed=typed, moved=again.name)


def _next(ticket: Ticket, acknowledged: bool) -> str:
    if not ticket.open:
        return "notes"
    if ticket.explained_at:
        return "closure"
    return "explanation" if acknowledged else "acknowledgement"


def _possible(ticket: Ticket, act: str, acknowledged: bool) -> bool:
    """Whether the page still has the form."""
    if act in WHILE_OPEN and not ticket.open:
        return False
    match act:
        case "acknowledgement":
            return not acknowledged
        case "release":
            return ticket.assignee is not None
        case "pause":
            return not ticket.paused
        case "resumption":
            return ticket.paused
        case "reopening":
            return not ticket.open and not ticket.ties.merged
        case "separation":
            return ticket.ties.merged
        case _:
            return True
