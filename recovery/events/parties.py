"""Who else may speak in a complaint? Agents act."""

from __future__ import annotations

from recovery.events.base import Event


class PartyAdmitted(Event, frozen=True, kw_only=True):
    """An agent let somebody else speak in this complaint: a relative, a lawyer, an ombudsman."""

    topic = "complaint.party_admitted"
    party: str
    """Who their address would be among the complainants."""
    filed: str
    """The mail that was decided on, as its event names its cause."""


class PartyRefused(Event, frozen=True, kw_only=True):
    """An agent kept mail of somebody else out of the conversation."""

    topic = "complaint.party_refused"
    filed: str
    reason: str
