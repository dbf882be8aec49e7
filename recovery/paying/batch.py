"""What is a batch of payments, and who may let it go?

Two people sign it, having seen its digest; the second is never the first. Its id follows from its
number among those of its connector and currency, so that gathering twice at once makes one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID, uuid5

import msgspec
from msgspec.structs import replace

from recovery.errors import NotFound, Refused
from recovery.events import Dissolved, Event, Gathered, InBatch, Recorded, Signed, batch_stream
from recovery.money import Money

NAMESPACE = UUID("1c0f8f2e-5a0d-4d0c-9a7b-0f5f4e6b7d21")
SIGNATURES = 2
Stage = Literal["gathered", "signed", "released", "dissolved"]
"""Nobody signed; one did; both did, and it left; it never leaves."""


def batch_id(connector: str, currency: str, number: int) -> str:
    """The id of the batch with a number."""
    return str(uuid5(NAMESPACE, f"{connector}/{currency}/{number}"))


class Signature(msgspec.Struct, frozen=True):
    """Who let it go, and when."""

    by: str
    at: datetime | None


class State(msgspec.Struct, frozen=True):
    """A batch as it stands."""

    first: Gathered
    files: tuple[Gathered, ...] = ()
    signatures: tuple[Signature, ...] = ()
    dissolved: str = ""
    """The reason."""

    @property
    def stage(self) -> Stage:
        if self.dissolved:
            return "dissolved"
        signed = len(self.signatures)
        return "released" if signed >= SIGNATURES else "signed" if signed else "gathered"

    @property
    def total(self) -> Money:
        return Money(sum((f.money.amount for f in self.files), Decimal(0)), self.currency)

    @property
    def currency(self) -> str:
        return self.first.money.currency

    @property
    def on(self) -> date:
        return self.first.on

    @property
    def payouts(self) -> list[InBatch]:
        return [each for file in self.files for each in file.payouts]

    @property
    def digest(self) -> str:
        """What two people sign: it follows from the digests of all files."""
        return digest_of(file.digest for file in self.files)


def digest_of(files: Iterable[str]) -> str:
    """One digest of several."""
    return hashlib.sha256("\n".join(files).encode()).hexdigest()


def evolve(state: State | None, event: Event) -> State | None:
    """The state after the event; an event that cannot be placed changes nothing."""
    match event, state:
        case Gathered(), None:
            return State(event, (event,))
        case Gathered(), State():
            return replace(state, files=(*state.files, event))
        case Signed(), State():
            return replace(state, signatures=(*state.signatures, Signature(event.by, event.at)))
        case Dissolved(), State():
            return replace(state, dissolved=event.reason)
        case _:
            return state


class Batch:
    """A batch as a command sees it: its state, and the events it has just triggered."""

    def __init__(self, id: str, version: int = 0, state: State | None = None) -> None:
        self.id = id
        self.version = version
        self.pending: list[Recorded] = []
        self._state = state

    @classmethod
    def of(cls, id: str, records: Iterable[Recorded]) -> Batch:
        state, version = None, 0
        for record in records:
            state, version = evolve(state, record.event), record.version
        return cls(id, version, state)

    @property
    def state(self) -> State:
        if self._state is None:
            raise NotFound("There is no such batch.")
        return self._state

    def gather(self, files: Iterable[Gathered]) -> None:
        for file in files:
            self._trigger(file)

    def sign(self, *, digest: str, at: datetime, by: str) -> None:
        """Raises Refused where nothing is to be signed, or not by this person."""
        self._require_waiting()
        if digest != self.state.digest:
            raise Refused("This is not the batch that you saw. Look at it again.")
        if any(signature.by == by for signature in self.state.signatures):
            raise Refused("You have signed already: the second signature is somebody else's.")
        self._trigger(Signed(at=at, by=by, digest=digest))

    def dissolve(self, *, reason: str, at: datetime, by: str) -> None:
        self._require_waiting()
        if not reason.strip():
            raise Refused("Say why the batch does not leave.")
        self._trigger(Dissolved(at=at, by=by, reason=reason))

    def _require_waiting(self) -> None:
        if self.state.stage == "released":
            raise Refused("This batch has left already.")
        if self.state.stage == "dissolved":
            raise Refused("This batch was dissolved.")

    def _trigger(self, event: Event) -> None:
        self.version += 1
        self.pending.append(Recorded(batch_stream(self.id), self.version, event))
        self._state = evolve(self._state, event)
