"""Where is a complainant's money to go? Whoever talks to them writes it down."""

from __future__ import annotations

from recovery.events.base import Event, PaperRef


class AccountGiven(Event, frozen=True, kw_only=True):
    """The complainant said to which account money of this complaint is to be sent."""

    topic = "payee.account_given"
    complaint: str
    account: PaperRef
    """JSON of `recovery.paying.account.Party`."""
    fingerprint: str
    """The same for the same account, and of no use to whoever wants to know which one that is."""
