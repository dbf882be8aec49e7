"""Where are the bytes that a store may hold, and how does a new event get its file?

One file for each topic and schema, with exactly the stored bytes and a line end.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from recovery.mapper import encode
from tests.contracts.examples import READ

FOLDER = Path(__file__).parent


def path_of(topic: str, schema: int) -> Path:
    return FOLDER / f"{topic}.v{schema}.json"


def stored(topic: str, schema: int) -> bytes:
    return path_of(topic, schema).read_bytes().removesuffix(b"\n")


def write_missing() -> Iterator[Path]:
    """Make the files of today's schemas that are missing; yields what was written."""
    for (topic, schema), event in READ.items():
        path = path_of(topic, schema)
        if schema == event.schema and not path.exists():
            path.write_bytes(encode(event)[1] + b"\n")
            yield path
