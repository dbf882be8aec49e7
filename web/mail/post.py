"""Which letters and notices are owed, and who carries them out of the house?

A worker takes a letter under a lease, writes it, records it (`Queued` fixes its words and its
Message-ID), sends it, and records what the server said. Killed between sending and recording, the
next worker sends the same message again under the same Message-ID; nothing else is ever sent
twice, because the store takes each version of a delivery's stream once.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy.exc import OperationalError

from projections import deliveries
from projections.deliveries import Delivery
from recovery import leases
from recovery.database import first_line
from recovery.delivery import DeliveryState, lease_of, state_of
from recovery.errors import StoreUnavailable
from recovery.events import Abandoned, Bounced, Deferred, Event, Recorded, Sent, delivery_stream
from recovery.policy.library import Policies
from recovery.store import Conflict, Store
from recovery.vault import SealedKey, SealedPaper, Vault
from web.accounts import Accounts
from web.mail import departure
from web.mail.facts import Undeliverable
from web.mail.message import Sender, sender_of
from web.mail.pace import Pace
from web.mail.parcel import Signer
from web.mail.transport import (
    SEND_SECONDS,
    Accepted,
    Answer,
    Rejected,
    Send,
    Transport,
    transport_of,
)
from web.mail.writer import BY, Writer

if TYPE_CHECKING:
    from web.runtime import Runtime

LEASE = timedelta(seconds=2 * SEND_SECONDS)
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
"""Until the next attempt, by attempts made; the last one repeats."""
PATIENCE = timedelta(days=3)
POLL = 1.0
"""Seconds between two looks for work."""
_log = logging.getLogger(__name__)


class Post:
    """The post worker; any number may run at once."""

    def __init__(
        self, *, store: Store, vault: Vault, policies: Policies, accounts: Accounts,
        sender: Sender, zone: ZoneInfo, base_url: str, transport: Transport,
        clock: Callable[[], datetime], pace: Pace | None = None, door_key: bytes | None = None,
    ) -> None:  # fmt: skip
        self._store = store
        self._pace = pace or Pace(0)
        self._database = store.database
        self._transport = transport
        self._clock = clock
        self._writer = Writer(
            store=store, vault=vault, policies=policies, accounts=accounts, sender=sender,
            zone=zone, base_url=base_url, clock=clock, door_key=door_key,
        )  # fmt: skip
        self._holder = f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(4)}"

    @classmethod
    def of(cls, runtime: Runtime, *, clock: Callable[[], datetime]) -> Post:
        """As the settings say; raises Invalid for one that cannot be used."""
        settings = runtime.settings
        sender = sender_of(settings)
        if settings.mail_reply_tokens:
            sender = msgspec.structs.replace(sender, reply_key=runtime.reply_key)
        signer = Signer.of(settings.mail_dkim_key, settings.mail_dkim_selector, sender.host)
        sender = msgspec.structs.replace(sender, signer=signer)
        url = settings.smtp_url.get_secret_value() if settings.smtp_url else None
        return cls(
            store=runtime.store, vault=runtime.vault, policies=runtime.policies,
            accounts=runtime.accounts, sender=sender, zone=ZoneInfo(settings.time_zone),
            base_url=settings.base_url, transport=transport_of(url, helo=sender.host), clock=clock,
            pace=Pace(settings.mail_domain_limit if url else 0), door_key=runtime.door_key,
        )  # fmt: skip

    def follow(self, stopping: threading.Event) -> None:
        """Carry letters out until told to stop; raises StoreUnavailable when the database goes."""
        while not stopping.wait(POLL):
            while self.step(stopping=stopping):
                pass

    def step(self, *, limit: int = 50, stopping: threading.Event | None = None) -> int:
        """Take up what is due now; returns for how many letters something was done."""
        due = self._due(limit)
        if not due:
            return 0
        done = 0
        with self._transport.session() as send:
            for row in due:
                if stopping and stopping.is_set():
                    return 0
                done += self._take(row, send)
        return done

    def _due(self, limit: int) -> list[Delivery]:
        try:
            with self._database.engine.connect() as conn:
                return deliveries.to_do(conn, now=self._clock(), limit=limit)
        except OperationalError as error:
            raise StoreUnavailable(
                f"The database does not answer; letters wait. ({first_line(error)})"
            ) from error

    def _take(self, row: Delivery, send: Send) -> bool:
        """Whether something was done for the letter.

        After a failure of our own the lease is kept until it runs out, so that one bad letter
        never stands in the way of the others.
        """
        task = lease_of(row.delivery)
        with self._database.connection() as conn:
            if not leases.claim(conn, task=task, holder=self._holder, time=LEASE):
                return False
        try:
            done = self._carry(row, send)
        except StoreUnavailable:
            raise
        except Conflict:
            done = False  # our lease had run out, and another worker went on with it
        except Exception as error:
            # The type only: what an error says may be the complainant's words.
            _log.error("letter %s was not sent: %s", row.delivery, type(error).__name__)
            return False
        with self._database.connection() as conn:
            leases.release(conn, task=task, holder=self._holder)
        return done

    def _carry(self, row: Delivery, send: Send) -> bool:
        state = state_of(self._store.records(delivery_stream(row.delivery)))
        if not state.is_due(self._clock()):
            return False  # done already; the projection has yet to hear of it
        try:
            ready = self._writer.ready(row, state)
        except Undeliverable as why:
            self._append(row, state.version, self._abandoned(row, str(why)))
            return True
        version = state.version
        if ready.paper:
            version = self._append(row, version, ready.queued, ready.paper, ready.keys)
        if until := self._pace.wait(ready.message.to, self._clock()):
            self._append(row, version, self._put_off(row, state, until))
            return True
        outcome = self._outcome(row, state, send(ready.message))
        if isinstance(outcome, Sent) and ready.held:
            departure.record(self._store, row, ready.held, outcome, version=version)
        else:
            self._append(row, version, outcome)
        return True

    def _outcome(self, row: Delivery, state: DeliveryState, answer: Answer) -> Event:
        """What to record of the server's answer."""
        now = self._clock()
        match answer:
            case Accepted():
                return Sent(at=now, by=BY, complaint=row.complaint, transport=self._transport.name)
            case Rejected(reason):
                return Bounced(at=now, by=BY, complaint=row.complaint, reason=reason)
        if state.since and now - state.since >= PATIENCE:
            return self._abandoned(row, answer.reason)
        attempt = state.attempts + 1
        return Deferred(
            at=now, by=BY, complaint=row.complaint, attempt=attempt, reason=answer.reason,
            retry_at=now + BACK_OFF[min(attempt, len(BACK_OFF)) - 1],
        )  # fmt: skip

    def _put_off(self, row: Delivery, state: DeliveryState, until: datetime) -> Deferred:
        """Not tried: others go to the same domain just now."""
        return Deferred(
            at=self._clock(), by=BY, complaint=row.complaint, attempt=state.attempts,
            reason="domain_limit", retry_at=until,
        )  # fmt: skip

    def _abandoned(self, row: Delivery, reason: str) -> Abandoned:
        return Abandoned(at=self._clock(), by=BY, complaint=row.complaint, reason=reason)

    def _append(
        self, row: Delivery, version: int, event: Event, paper: SealedPaper | None = None,
        keys: Sequence[SealedKey] = (),
    ) -> int:  # fmt: skip
        """Record the next event of the delivery; raises Conflict when somebody else did."""
        record = Recorded(delivery_stream(row.delivery), version + 1, event)
        papers = [paper] if paper else []
        return self._store.append([record], keys=keys, papers=papers).version
