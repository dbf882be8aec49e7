"""What does somebody get who wants to prove what happened to a complaint?

Its events as they are stored, those of its letters, clocks and payouts too, the path of each to a
signed head, and that head: enough to check it anywhere, without this desk and after it.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import msgspec
import psycopg

from projections import history, seal
from projections.rawlog import Stored
from recovery import merkle
from recovery import reference as references
from recovery.errors import NotFound, Refused
from recovery.merkle import cover

FORMAT = "recovery-bundle/1"


class Proved(msgspec.Struct, frozen=True):
    """One event, and its path to the root; bytes in base64."""

    position: int
    stream: str
    version: int
    topic: str
    state: str
    recorded_at: str
    proof: tuple[str, ...]


class Signed(msgspec.Struct, frozen=True):
    """A head's note, and the public key that it was signed with."""

    note: str
    key: str


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """All that has to be handed over."""

    format: str = FORMAT
    reference: str
    head: Signed
    events: tuple[Proved, ...]


def bundle(conn: psycopg.Connection[Any], reference: str) -> Bundle:
    """The bundle of a complaint, under the newest head; what came after it is left out.

    Raises NotFound, and Refused where nothing of the complaint is sealed yet.
    """
    rows = history.stored(conn, [reference]).get(reference, [])
    if not rows:
        raise NotFound(f"There is no complaint {references.show(reference)}.")
    head = seal.last_head(conn)
    if head is None or rows[0].position > head.size:
        raise Refused("This complaint is not sealed yet. Try again in a minute.")
    rows = [row for row in rows if row.position <= head.size]
    paths = [merkle.inclusion(row.position - 1, head.size) for row in rows]
    read = seal.reading(conn, [place for path in paths for span in path for place in cover(span)])
    return Bundle(
        reference=references.show(reference), head=Signed(head.note, _text(head.key)),
        events=tuple(
            _proved(row, merkle.proof(path, read)) for row, path in zip(rows, paths, strict=True)
        ),
    )  # fmt: skip


def _proved(row: Stored, path: list[bytes]) -> Proved:
    return Proved(
        row.position, row.stream, row.version, row.topic, row.state.decode(),
        instant(row.recorded_at), tuple(map(_text, path)),
    )  # fmt: skip


def instant(at: datetime) -> str:
    """To the microsecond: it is part of what was sealed."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()
