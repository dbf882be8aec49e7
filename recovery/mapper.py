"""How does an event become bytes, and how do old bytes become today's event?

The topic column holds the event's topic, from schema 2 on with the schema ("complaint.closed@2").
Bytes of an older schema are lifted by the upcasters, one step each; bytes of a schema newer than
this code raise, because reading them silently would lose what they say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import msgspec
from eventsourcing.persistence import Mapper, Notification, StoredEvent, Transcoder

from recovery.events import VOCABULARY, Event, Recorded

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]


def _as_it_was(fields: dict[str, Any]) -> dict[str, Any]:
    """The new fields are worth what they are worth where nothing is said."""
    return fields


UPCASTERS: dict[tuple[str, int], Upcaster] = {
    ("policy.adopted", 1): _as_it_was,
    ("payout.due", 1): _as_it_was,
    ("payout.approved", 1): _as_it_was,
    ("complaint.compensated", 1): _as_it_was,
    ("complaint.note_added", 1): _as_it_was,
    ("complaint.letter_returned", 1): _as_it_was,
    ("complaint.mail_filed", 1): _as_it_was,
    ("delivery.queued", 1): _as_it_was,
    ("hold.hold_placed", 1): _as_it_was,
    ("complainant.forgotten", 1): _as_it_was,
    ("complainant.readmitted", 1): _as_it_was,
}
"""(topic, schema it lifts from) to the function that gives the next schema's fields."""

_encode = msgspec.json.Encoder().encode


class UnreadableEvent(Exception):
    """Stored bytes that this code must not interpret."""


class Codec:
    """Writes and reads the events of one vocabulary."""

    def __init__(
        self, vocabulary: Iterable[type[Event]], upcasters: Mapping[tuple[str, int], Upcaster]
    ) -> None:
        """Raises LookupError when no upcaster leads from an older schema to today's."""
        self._stored_topics: dict[type[Event], str] = {}
        self._decoders: dict[str, Callable[[bytes], Event]] = {}
        self._schemas: dict[str, int] = {}
        self._upcasters = dict(upcasters)
        for kind in vocabulary:
            self._stored_topics[kind] = stored_topic(kind.topic, kind.schema)
            self._decoders[self._stored_topics[kind]] = msgspec.json.Decoder(kind).decode
            self._schemas[kind.topic] = kind.schema
            for schema in range(1, kind.schema):
                if (kind.topic, schema) not in self._upcasters:
                    raise LookupError(f"{kind.topic}: no upcaster lifts schema {schema}")

    def encode(self, event: Event) -> tuple[str, bytes]:
        """The topic and bytes to store."""
        return self._stored_topics[type(event)], _encode(event)

    def decode(self, topic: str, state: bytes) -> Event:
        """The event that was stored; raises UnreadableEvent."""
        decoder = self._decoders.get(topic)
        try:
            return decoder(state) if decoder else self._upcast(topic, state)
        except msgspec.MsgspecError as error:
            raise UnreadableEvent(f"{topic}: {error}") from error

    def _upcast(self, stored: str, state: bytes) -> Event:
        topic, at, suffix = stored.partition("@")
        if topic not in self._schemas or (at and not suffix.isdecimal()):
            raise UnreadableEvent(f"{stored} is not in the vocabulary")
        newest = self._schemas[topic]
        schema = int(suffix) if at else 1
        if schema > newest:
            raise UnreadableEvent(f"{stored} was written by a newer version of this software")
        fields = msgspec.json.decode(state)
        for step in range(schema, newest):
            fields = self._upcasters[topic, step](fields)
        return self._decoders[stored_topic(topic, newest)](msgspec.json.encode(fields))


def stored_topic(topic: str, schema: int) -> str:
    """How the topic column spells a schema of the topic."""
    return topic if schema == 1 else f"{topic}@{schema}"


_codec = Codec(VOCABULARY, UPCASTERS)
encode, decode = _codec.encode, _codec.decode


@dataclass(frozen=True)
class Logged(Notification):
    """What the store holds of an event: the library's notification and the database's clock."""

    recorded_at: datetime


class RecordedMapper(Mapper[str]):
    """The library's mapper interface over the functions above."""

    def __init__(self) -> None:
        super().__init__(cast("Transcoder", None))

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        record = cast("Recorded", domain_event)
        topic, state = encode(record.event)
        return StoredEvent(record.stream, record.version, topic, state)

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        event = decode(stored_event.topic, stored_event.state)
        stored = cast("Logged", stored_event)
        return Recorded(
            str(stored.originator_id), stored.originator_version, event, stored.id,
            stored.recorded_at,
        )  # fmt: skip
