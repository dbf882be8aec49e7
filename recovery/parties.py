"""Who besides the complainant speaks in a complaint, and whose mail awaits a decision?"""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from recovery.events import Event, MailFiled, PartyAdmitted, PartyRefused


class Stranger(msgspec.Struct, frozen=True):
    """Mail of somebody who is no party."""

    filed: str
    """As its event names its cause."""
    sender: str
    """Who their address would be among the complainants; empty without one."""


class Parties(msgspec.Struct, frozen=True, omit_defaults=True):
    """The people of a complaint besides its complainant."""

    admitted: tuple[str, ...] = ()
    waiting: tuple[Stranger, ...] = ()

    def stranger(self, filed: str) -> Stranger | None:
        """The mail, while nobody has decided on it."""
        return next((each for each in self.waiting if each.filed == filed), None)

    def after(self, event: Event) -> Parties:
        """The parties after the event; themselves when it is about none."""
        match event:
            case MailFiled(speaker="third_party"):
                return replace(self, waiting=(*self.waiting, Stranger(event.cause, event.sender)))
            case PartyAdmitted():
                left = tuple(each for each in self.waiting if each.sender != event.party)
                return replace(self, admitted=(*self.admitted, event.party), waiting=left)
            case PartyRefused():
                left = tuple(each for each in self.waiting if each.filed != event.filed)
                return replace(self, waiting=left)
            case _:
                return self


NOBODY = Parties()
