"""How is an audit put on record, and what may be done about it afterwards?

The answer stands in the event, so that what a supervisor signed can be read again whatever happens
to the complaints; the question and the position of the log stand beside it, so that anybody can
ask again and compare.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec

from recovery import text as texts
from recovery.errors import NotFound, Refused, Stale
from recovery.events import (
    Event,
    LookedInto,
    PassedOn,
    Ran,
    Recorded,
    SignedOff,
    audit_stream,
    subject,
)
from recovery.sealing import Sealer
from recovery.store import Command, Conflict, Done, Store
from recovery.vault import Vault, Words

LONGEST_COMMENT = 5_000


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What an audit found, and what it rests on."""

    measure: str
    question: str
    as_of: datetime
    log_position: int
    areas: tuple[str, ...]
    policies: Mapping[str, Sequence[str]]
    code: str
    result: str

    @property
    def digest(self) -> str:
        return digest(self.question, self.result)


def digest(question: str, result: str) -> str:
    """What the same question must give again."""
    return hashlib.sha256(f"{question}\n{result}".encode()).hexdigest()


def record(
    store: Store, found: Found, *, by: str, at: datetime, command: Command | None = None
) -> Done:  # fmt: skip
    """Put an audit on record; its id is the subject of the stream."""
    if command and (done := store.done(command)):
        return done
    event = Ran(
        at=at, by=by, measure=found.measure, question=found.question, as_of=found.as_of,
        log_position=found.log_position, areas=found.areas,
        policies={name: tuple(versions) for name, versions in found.policies.items()},
        code=found.code, result=found.result, digest=found.digest,
    )  # fmt: skip
    stream = audit_stream(secrets.token_hex(8))
    return store.append([Recorded(stream, 1, event)], command=command)


def sign_off(
    store: Store, vault: Vault, audit: str, *, comment: str, follow_up: str, by: str, at: datetime,
    command: Command | None = None, seen: int | None = None,
) -> Done:  # fmt: skip
    """Take note of an audit, and say what follows; raises Refused where that was done before."""
    sealer = Sealer(store, vault, f"audit:{audit}")
    words = texts.required(
        comment, field="comment", sentence="Say what you make of it.", limit=LONGEST_COMMENT
    )
    after = texts.clean(follow_up, field="follow_up", limit=LONGEST_COMMENT)

    def act(records: Sequence[Recorded]) -> Event:
        if any(isinstance(each.event, SignedOff) for each in records):
            raise Refused("This audit has been signed off already.")
        return SignedOff(
            at=at, by=by, digest=ran(records).digest, words=sealer.seal(Words(words)),
            follow_up=sealer.seal(Words(after)) if after else None,
        )  # fmt: skip

    return _act(store, audit, act, command, seen, sealer)


def look_into(
    store: Store, audit: str, *, group: str, stratum: str, complaints: int, by: str, at: datetime
) -> Done:  # fmt: skip
    """Leave a trace of who looked at the complaints behind a figure."""

    def act(_: Sequence[Recorded]) -> Event:
        return LookedInto(at=at, by=by, group=group, stratum=stratum, complaints=complaints)

    return _act(store, audit, act, None, None)


def pass_on(
    store: Store, audit: str, *, to: str, by: str, at: datetime, command: Command | None = None
) -> Done:
    """Owe a colleague the answer on paper; the post writes and sends it."""

    def act(records: Sequence[Recorded]) -> Event:
        return PassedOn(at=at, by=by, to=to, digest=ran(records).digest)

    return _act(store, audit, act, command, None)


def ran(records: Sequence[Recorded]) -> Ran:
    event = records[0].event
    assert isinstance(event, Ran)
    return event


def _act(
    store: Store, audit: str, act: Callable[[Sequence[Recorded]], Event],
    command: Command | None, seen: int | None, sealer: Sealer | None = None,
) -> Done:  # fmt: skip
    if command and (done := store.done(command)):
        return done
    stream = audit_stream(audit)
    records = store.records(stream)
    if not records:
        raise NotFound("There is no such audit.")
    version = len(records)
    if seen is not None and seen != version:
        raise Stale(seen=seen, current=version)
    event = act(records)
    try:
        return store.append(
            [Recorded(stream, version + 1, event)], command=command,
            keys=sealer.keys if sealer else (), papers=sealer.papers if sealer else (),
        )  # fmt: skip
    except Conflict:
        raise Stale(seen=version, current=version + 1) from None


def id_of(done: Done) -> str:
    return subject(done.stream)
