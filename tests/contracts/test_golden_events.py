"""Do bytes that were stored once still say the same?"""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from recovery.events import VOCABULARY, Event
from recovery.mapper import Codec, UnreadableEvent, decode, encode, stored_topic
from tests.cast import ANA, NINE
from tests.contracts.examples import READ
from tests.contracts.golden import FOLDER, stored

ALL = sorted(READ)
TODAYS = [(kind.topic, kind.schema) for kind in VOCABULARY]


def test_every_schema_there_ever_was_has_its_golden_file() -> None:
    ever = {(k.topic, schema) for k in VOCABULARY for schema in range(1, k.schema + 1)}

    assert set(READ) == ever
    assert {path.name for path in FOLDER.glob("*.json")} == {f"{t}.v{s}.json" for t, s in ever}


@pytest.mark.parametrize(("topic", "schema"), ALL)
def test_stored_bytes_are_read_as_the_event_they_were(topic: str, schema: int) -> None:
    event = decode(stored_topic(topic, schema), stored(topic, schema))

    assert event == READ[topic, schema]
    assert type(event) is type(READ[topic, schema])


@pytest.mark.parametrize(("topic", "schema"), TODAYS)
def test_an_event_is_written_as_it_was_before(topic: str, schema: int) -> None:
    event = READ[topic, schema]

    assert encode(event) == (stored_topic(topic, schema), stored(topic, schema))


@pytest.mark.parametrize(("topic", "schema"), TODAYS)
def test_golden_files_leave_no_field_out(topic: str, schema: int) -> None:
    written = msgspec.json.decode(stored(topic, schema))

    assert set(written) == set(type(READ[topic, schema]).__struct_fields__)


# ---------------------------------------------------------------- what cannot be read


@pytest.mark.parametrize(
    "topic", ["complaint.teleported", "complaint.teleported@2", "complaint.closed@", "@", ""]
)
def test_a_topic_outside_the_vocabulary_is_not_read(topic: str) -> None:
    with pytest.raises(UnreadableEvent, match="not in the vocabulary"):
        decode(topic, stored("complaint.closed", 1))


def test_what_a_newer_version_wrote_is_not_read() -> None:
    with pytest.raises(UnreadableEvent, match="newer version"):
        decode("complaint.closed@2", stored("complaint.closed", 1))


@pytest.mark.parametrize(
    "state",
    [b"", b"{", b"[]", b"\xff", b'{"by":"user:ana"}', b'{"at":"yesterday","by":"user:ana"}'],
)
def test_bytes_that_are_not_such_an_event_are_not_read(state: bytes) -> None:
    with pytest.raises(UnreadableEvent, match=r"^complaint\.closed"):
        decode("complaint.closed", state)


# ---------------------------------------------------------------- a schema that grew twice


class Greeted(Event, frozen=True, kw_only=True):
    """An event outside the vocabulary, in the third form it has had."""

    topic = "test.greeted"
    schema = 3
    words: tuple[str, ...]
    tone: str


def split_words(fields: dict[str, Any]) -> dict[str, Any]:
    return fields | {"words": fields["words"].split()}


def set_the_tone(fields: dict[str, Any]) -> dict[str, Any]:
    return fields | {"tone": "warm"}


GROWN = Codec([Greeted], {("test.greeted", 1): split_words, ("test.greeted", 2): set_the_tone})
GREETED = Greeted(at=NINE, by=ANA, words=("good", "morning"), tone="warm")
WHO = b'"at":"2026-03-02T09:00:00Z","by":"user:ana"'


@pytest.mark.parametrize(
    ("topic", "state"),
    [
        ("test.greeted", b'{%s,"words":"good morning"}' % WHO),
        ("test.greeted@2", b'{%s,"words":["good","morning"]}' % WHO),
        ("test.greeted@3", b'{%s,"words":["good","morning"],"tone":"warm"}' % WHO),
    ],
)
def test_old_bytes_are_lifted_one_schema_after_the_other(topic: str, state: bytes) -> None:
    assert GROWN.decode(topic, state) == GREETED


def test_an_event_that_has_grown_is_written_under_its_schema() -> None:
    topic, state = GROWN.encode(GREETED)

    assert topic == "test.greeted@3"
    assert GROWN.decode(topic, state) == GREETED
    with pytest.raises(UnreadableEvent, match="newer version"):
        GROWN.decode("test.greeted@4", state)


def test_a_schema_cannot_grow_without_an_upcaster() -> None:
    with pytest.raises(LookupError, match="lifts schema 2"):
        Codec([Greeted], {("test.greeted", 1): split_words})
