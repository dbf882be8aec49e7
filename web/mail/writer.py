"""How does an act become a message that can be sent, now or once more?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import msgspec

from projections.deliveries import Delivery
from projections.story import clocks_of, story_of
from projections.table import Given
from recovery.clock import history
from recovery.delivery import DeliveryState, delivery_id, message_id, state_of
from recovery.events import (
    Queued,
    Recorded,
    complaint_stream,
    delivery_stream,
    subject,
)  # fmt: skip
from recovery.policy.clocks import Clock
from recovery.policy.library import Policies
from recovery.store import Store
from recovery.vault import SealedPaper, Vault, WrittenLetter, read
from web.mail.facts import Undeliverable, facts_of, letter_of, papers_of, received_of
from web.mail.letters import write
from web.mail.message import Sender, compose

BY = "system:post"


class Ready(msgspec.Struct, frozen=True):
    """A message to send; a letter that is new has to be recorded first, with its paper."""

    message: EmailMessage
    queued: Queued
    paper: SealedPaper | None


class Writer:
    """Writes each letter once; what is sent again is the letter as it was written."""

    def __init__(
        self, *, store: Store, vault: Vault, policies: Policies, sender: Sender, zone: ZoneInfo,
        clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._store = store
        self._vault = vault
        self._policies = policies
        self._sender = sender
        self._zone = zone
        self._clock = clock

    def ready(self, row: Delivery, state: DeliveryState) -> Ready:
        """The message for a delivery; raises Undeliverable."""
        records = self._store.records(complaint_stream(row.complaint))
        queued, letter, paper = (
            self._again(state.queued) if state.queued else self._new(row, records[: row.act])
        )
        message = compose(
            letter, kind=queued.kind, sender=self._sender, message_id=queued.message_id,
            thread=self._thread(row, records), at=self._clock(),
        )  # fmt: skip
        return Ready(message, queued, paper)

    def _again(self, queued: Queued) -> tuple[Queued, WrittenLetter, None]:
        with self._store.database.connection() as conn:
            papers = self._vault.open_many(conn, [queued.letter.paper])
        letter = read(papers, queued.letter, WrittenLetter)
        if letter is None:
            raise Undeliverable("forgotten")
        return queued, letter, None

    def _new(
        self, row: Delivery, records: Sequence[Recorded]
    ) -> tuple[Queued, WrittenLetter, SealedPaper]:
        owed = letter_of(records[-1].event)
        assert owed is not None
        received = received_of(records)
        with self._store.database.connection() as conn:
            key = self._vault.key_of(conn, received.complainant)
            papers = self._vault.open_many(conn, papers_of(records))
        facts = facts_of(
            records, papers=papers, clocks=self._clocks(records),
            organisation=self._sender.organisation, zone=self._zone,
        )  # fmt: skip
        if key is None:
            raise Undeliverable("forgotten")
        letter = write(owed.kind, owed.language, facts)
        paper = self._vault.seal(key, received.complainant, letter)
        queued = Queued(
            at=self._clock(), by=BY, cause=f"{records[-1].stream}/{row.act}",
            complaint=row.complaint, act=row.act, kind=owed.kind, language=owed.language,
            letter=paper.ref, message_id=message_id(row.delivery, self._sender.host),
        )  # fmt: skip
        return queued, letter, paper

    def _clocks(self, records: Sequence[Recorded]) -> tuple[Clock, ...]:
        """The complaint's clocks, as its last record here left them."""
        act = records[-1]
        lived = self._store.together(history(subject(act.stream)))
        given = Given(self._policies)
        return clocks_of(story_of([r for r in lived if r.position <= act.position], given), given)

    def _thread(self, row: Delivery, records: Sequence[Recorded]) -> str:
        """The Message-ID of the complaint's first letter; empty for that one itself."""
        first = next(record for record in records if letter_of(record.event))
        if first.version == row.act:
            return ""
        delivery = delivery_id(row.complaint, first.version)
        queued = state_of(self._store.records(delivery_stream(delivery))).queued
        return queued.message_id if queued else ""
