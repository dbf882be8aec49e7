"""What may not be forgotten because of a dispute, why, and until when?

A hold is about one complaint, one person, or a matter: the complaints whose attribute `matter`
names it, today's and those still to come. It reaches what complaints were merged with, and words of
others in them. It ends on its last day, or when a supervisor ends it.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo

import msgspec
import psycopg
from msgspec.structs import replace

from recovery import reference as references
from recovery import text as texts
from recovery.belongings import Belongings, states
from recovery.carrier import Carrier
from recovery.complaint_state import State
from recovery.errors import Invalid, NotFound, Refused
from recovery.events import (
    HoldEnded,
    HoldKind,
    HoldPlaced,
    PaperRef,
    Recorded,
    complaint_stream,
    hold_stream,
    subject,
)  # fmt: skip
from recovery.forgetting import FORGET_LOCK, Guard, look
from recovery.mapper import decode
from recovery.sealing import Sealer
from recovery.store import Command, Done, Store
from recovery.vault import Vault, Words, read

KINDS: tuple[HoldKind, ...] = get_args(HoldKind)
MATTER = "matter"
"""The attribute of complaints that names the matter they belong to."""
LONGEST = 2_000
_HOLDS = (
    "select originator_id, topic, state from desk.events"
    " where split_part(topic, '@', 1) in ('hold.hold_placed', 'hold.hold_ended')"
    " order by notification_id"
)


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """One hold, and whether it has been ended."""

    hold: str
    kind: HoldKind
    subject: str
    reason: PaperRef
    by: str
    at: datetime | None
    until: date | None = None
    zone: str = "UTC"
    ended_by: str = ""
    ended_at: datetime | None = None

    def in_force(self, at: datetime) -> bool:
        """Up to the end of its last day, where it was placed."""
        return not self.ended_by and (self.until is None or _day(at, self.zone) <= self.until)


def holds(conn: psycopg.Connection[Any]) -> list[Hold]:
    """Every hold there ever was, oldest first."""
    found: dict[str, Hold] = {}
    for stream, topic, state in conn.execute(_HOLDS):
        hold, event = subject(stream), decode(topic, state)
        if isinstance(event, HoldPlaced):
            found[hold] = Hold(
                hold=hold, kind=event.kind, subject=event.subject, reason=event.reason,
                by=event.by, at=event.at, until=event.until, zone=event.zone,
            )  # fmt: skip
        else:
            found[hold] = replace(found[hold], ended_by=event.by, ended_at=event.at)
    return list(found.values())


def covering(conn: psycopg.Connection[Any], found: Belongings, *, at: datetime) -> list[Hold]:
    """The holds in force that forbid to forget what is somebody's."""
    live = [hold for hold in holds(conn) if hold.in_force(at)]
    if not live:
        return []
    named = {*found.complaints, *(each.complaint for each in found.elsewhere)}
    known = states(conn, named)
    tied = {other for state in known.values() for other in _tied(state)} - named
    known |= states(conn, tied)
    subjects = {
        "complaint": set(known),
        "person": {found.complainant, *(each.whose for each in found.elsewhere)},
        "matter": {_matter(state.attributes.get(MATTER, "")) for state in known.values()} - {""},
    }
    return [hold for hold in live if hold.subject in subjects[hold.kind]]


def guard(vault: Vault, *, at: datetime) -> Guard:
    """Refuses to forget under a hold, and says why it was placed."""

    def refuse(conn: psycopg.Connection[Any], found: Belongings) -> None:
        if held := covering(conn, found, at=at):
            why = "; ".join(reasons(conn, vault, held).values())
            raise Refused(f"A legal hold forbids this: {why}")

    return refuse


def reasons(conn: psycopg.Connection[Any], vault: Vault, found: Sequence[Hold]) -> dict[str, str]:
    """Why each was placed, by its id; without those whose person was forgotten."""
    opened, _ = vault.open_readable(conn, [hold.reason.paper for hold in found])
    words = {hold.hold: read(opened, hold.reason, Words) for hold in found}
    return {hold: said.text for hold, said in words.items() if said}


class Holds:
    """The commands on holds."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._store = store
        self._vault = vault
        self._carrier = Carrier(store, vault)

    def place(
        self, *, kind: HoldKind, subject: str, reason: str, until: date | None, by: str,
        at: datetime, zone: str = "UTC", command: Command | None = None,
    ) -> Done:  # fmt: skip
        """Forbid forgetting, up to the end of the last day in the zone.

        Raises NotFound and Invalid. Its id is the subject of the stream.
        """
        words = texts.required(
            reason, field="reason", sentence="Say why it must be kept.", limit=LONGEST
        )
        if until and until < _day(at, zone):
            raise Invalid("This day has passed.", field="until")
        stream = hold_stream(secrets.token_hex(8))

        def attempt() -> Done:
            about, owner = self._about(kind, subject)
            papers = Sealer(self._store, self._vault, owner or stream)
            event = HoldPlaced(
                at=at, by=by, kind=kind, subject=about, reason=papers.seal(Words(words)),
                until=until, zone=zone,
            )  # fmt: skip
            with self._store.database.connection() as conn, conn.transaction():
                conn.execute("select pg_advisory_xact_lock(%s)", (FORGET_LOCK,))
                return self._store.append(
                    [Recorded(stream, 1, event)], command=command, keys=papers.keys,
                    papers=papers.papers, within=conn,
                )  # fmt: skip

        return self._carrier.once(attempt, command)

    def end(self, hold: str, *, by: str, at: datetime, command: Command | None = None) -> Done:
        """Let it go; raises NotFound and Refused."""

        def attempt() -> Done:
            records = self._store.records(hold_stream(hold))
            if not records:
                raise NotFound("There is no such hold.")
            if isinstance(records[-1].event, HoldEnded):
                raise Refused("This hold has been ended already.")
            event = HoldEnded(at=at, by=by)
            record = Recorded(hold_stream(hold), len(records) + 1, event)
            return self._store.append([record], command=command)

        return self._carrier.once(attempt, command)

    def _about(self, kind: HoldKind, subject: str) -> tuple[str, str]:
        """What it is about, and under whose key its reason lies: nobody's, for a matter."""
        if kind == "matter":
            return texts.code(subject, field="subject"), ""
        if kind == "complaint":
            reference = references.parse(subject)
            records = self._store.records(complaint_stream(reference))
            owner = getattr(records[0].event, "complainant", "") if records else ""
            if not owner:
                raise NotFound(f"There is no complaint {references.show(reference)}.")
            return reference, owner
        if look(self._store, self._vault, subject).is_empty:
            raise NotFound("We know nobody by this id.")
        return subject, subject


def _day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def _matter(said: str) -> str:
    """As a hold names it, however the complaint has it: "Fire 2026" is `fire_2026`."""
    return said.strip().lower().replace(" ", "_")


def _tied(state: State) -> Sequence[str]:
    return [*state.ties.holds, *([state.ties.into] if state.ties.into else [])]
