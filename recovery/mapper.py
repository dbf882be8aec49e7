"""How does an event become bytes, and how do old bytes become today's event?

The topic column holds the event's topic, from schema 2 on with the schema ("complaint.closed@2").
Bytes of an older schema are lifted by the upcasters, one step each; bytes of a schema newer than
this code raise, because reading them silently would lose what they say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import msgspec
from eventsourcing.persistence import Mapper, Notification, StoredEvent, Transcoder

from recovery.events import VOCABULARY, Event, Recorded

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
UPCASTERS: dict[tuple[str, int], Upcaster] = {}
"""(topic, schema it lifts from) to the function that gives the next schema's fields."""

_encode = msgspec.json.Encoder().encode
_decoders: dict[str, Callable[[bytes], Event]] = {}
_stored_topic: dict[type[Event], str] = {}
_schemas: dict[str, int] = {}


class UnreadableEvent(Exception):
    """Stored bytes that this code must not interpret."""


def _spell(topic: str, schema: int) -> str:
    return topic if schema == 1 else f"{topic}@{schema}"


for _kind in VOCABULARY:
    _stored_topic[_kind] = _spell(_kind.topic, _kind.schema)
    _decoders[_stored_topic[_kind]] = msgspec.json.Decoder(_kind).decode
    _schemas[_kind.topic] = _kind.schema


def encode(event: Event) -> tuple[str, bytes]:
    """The topic and bytes to store."""
    return _stored_topic[type(event)], _encode(event)


def decode(topic: str, state: bytes) -> Event:
    """The event that was stored; raises UnreadableEvent."""
    decoder = _decoders.get(topic)
    try:
        return decoder(state) if decoder else _upcast(topic, state)
    except msgspec.MsgspecError as error:
        raise UnreadableEvent(f"{topic}: {error}") from error


def _upcast(stored_topic: str, state: bytes) -> Event:
    topic, _, suffix = stored_topic.partition("@")
    schema = int(suffix or 1)
    if topic not in _schemas:
        raise UnreadableEvent(f"{stored_topic} is not in the vocabulary")
    if schema > _schemas[topic]:
        raise UnreadableEvent(f"{stored_topic} was written by a newer version of this software")
    fields = msgspec.json.decode(state)
    for step in range(schema, _schemas[topic]):
        fields = UPCASTERS[topic, step](fields)
    return _decoders[_spell(topic, _schemas[topic])](msgspec.json.encode(fields))


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
