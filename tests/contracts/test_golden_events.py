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


@pytest.mark.parametrize("topic", ["complaint.teleported", "complaint.closed@", "complaint.closed@x"])
def test_a_topic_outside_the_vocabulary_is_not_read(topic: str) -> None:
    known = topic == "complaint.closed@"  # a suffix without a number is schema 1 misspelt

    if known:
        assert decode(topic, stored("complaint.closed", 1)) == READ["complaint.closed", 1]
    else:
        with pytest.raises(UnreadableEvent, match="not in the vocabulary"):
            decode(topic, stored("complaint.closed", 1))
