"""What happens to a complainant? People act."""

from __future__ import annotations

from recovery.events.base import Event, PaperRef


class Known(Event, frozen=True, kw_only=True):
    """A person became known to the desk, or their contact details were renewed."""

    topic = "complainant.known"
    contact: PaperRef | None = None
    language: str = ""
    tier: str = ""


class Forgotten(Event, frozen=True, kw_only=True):
    """The person's key and papers were deleted; `complaints` are the references they stood in."""

    topic = "complainant.forgotten"
    schema = 2
    reason: str
    complaints: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    """What they had said in complaints of others, and lay under the keys of those."""
    messages: tuple[str, ...] = ()
    """Mail of theirs that waited on no complaint: its keyed digests."""
    counts: dict[str, int] = {}
    """How many of what went."""
    proof: str = ""
    """`recovery.belongings.proof` of the papers that went."""
    rule: str = ""
    """The rule of retention that asked for it; empty where a person did."""


class Suppressed(Event, frozen=True, kw_only=True):
    """Their address refused a letter for good, so no more are sent there."""

    topic = "complainant.suppressed"
    reason: str


class Readmitted(Event, frozen=True, kw_only=True):
    """Somebody made sure that letters can be sent to them again."""

    topic = "complainant.readmitted"
    schema = 2
    why: PaperRef | None = None
    """What they know of it, in their words."""
