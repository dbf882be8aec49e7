"""Who was forgotten, so that an older backup does not bring them back?

The log names everybody who was forgotten, but a restored log ends where its backup was made. So the
same list is kept as a file outside the database, a line of JSON for each time somebody was
forgotten: ids, and never a name. After a restore the list is carried out again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import psycopg

from recovery.errors import Invalid
from recovery.events import Forgotten, subject
from recovery.forgetting import forget
from recovery.mapper import decode
from recovery.store import Store
from recovery.vault import Vault

FILE = "forgotten.jsonl"
AT_ONCE = 10_000
_FORGOTTEN = (
    "select notification_id, originator_id, topic, state from desk.events"
    " where split_part(topic, '@', 1) = 'complainant.forgotten'"
)


class Gone(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody was forgotten: a line of the list."""

    position: int
    """In the log where it was recorded first."""
    complainant: str
    at: datetime | None
    by: str
    reason: str
    rule: str = ""
    papers: tuple[str, ...] = ()
    """Under the keys of others."""
    messages: tuple[str, ...] = ()
    counts: dict[str, int] = {}
    proof: str = ""


def since(conn: psycopg.Connection[Any], position: int, *, limit: int = AT_ONCE) -> list[Gone]:
    """Who was forgotten after a position of the log."""
    asked = f"{_FORGOTTEN} and notification_id > %s order by notification_id limit %s"
    return _told(conn.execute(asked, (position, limit)))


def lately(conn: psycopg.Connection[Any], limit: int) -> list[Gone]:
    """Who was forgotten last, latest first."""
    return _told(conn.execute(f"{_FORGOTTEN} order by notification_id desc limit %s", (limit,)))


def _told(rows: Iterable[tuple[Any, ...]]) -> list[Gone]:
    found = []
    for at, stream, topic, state in rows:
        event = decode(topic, state)
        assert isinstance(event, Forgotten)
        found.append(Gone(
            position=at, complainant=subject(stream), at=event.at, by=event.by,
            reason=event.reason, rule=event.rule, papers=event.papers, messages=event.messages,
            counts=event.counts, proof=event.proof,
        ))  # fmt: skip
    return found


def write(conn: psycopg.Connection[Any], path: Path) -> int:
    """Add to the file what the log has and it has not; returns how many lines.

    Killed in between, a line is written twice, which harms nobody.
    """
    kept = {(gone.complainant, gone.at) for gone in read(path)} if path.exists() else set()
    fresh = [gone for gone in _every(conn) if (gone.complainant, gone.at) not in kept]
    if fresh:
        path.parent.mkdir(parents=True, exist_ok=True)
        _drop_half_a_line(path)
        with path.open("ab") as file:
            file.writelines(msgspec.json.encode(gone) + b"\n" for gone in fresh)
            file.flush()
            os.fsync(file.fileno())
    return len(fresh)


def read(path: Path) -> Iterator[Gone]:
    """Every line of the file; raises Invalid for one that is none, but the last, half written."""
    lines = path.read_bytes().split(b"\n")
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        try:
            yield msgspec.json.decode(line, type=Gone)
        except msgspec.MsgspecError:
            if number < len(lines):
                raise Invalid(f"{path.name}, line {number}: this is no line of the list.") from None


def _drop_half_a_line(path: Path) -> None:
    """What was being written when something died; it is written again."""
    content = path.read_bytes() if path.exists() else b""
    if content and not content.endswith(b"\n"):
        os.truncate(path, content.rfind(b"\n") + 1)


def carry_out(store: Store, vault: Vault, gone: Iterable[Gone]) -> int:
    """Forget again whoever a restored database knows again; returns how many those were.

    What was recorded of it then is recorded again, as it was: by whom, when and why.
    """
    with store.database.connection() as conn:
        known = {(each.complainant, each.at) for each in _every(conn)}
    again = 0
    for each in gone:
        if (each.complainant, each.at) not in known:
            known.add((each.complainant, each.at))
            again += _forget_again(store, vault, each)
    return again


def _every(conn: psycopg.Connection[Any]) -> Iterator[Gone]:
    position = 0
    while found := since(conn, position):
        yield from found
        position = found[-1].position


def _forget_again(store: Store, vault: Vault, gone: Gone) -> bool:
    """Whether there was anything of them; that they were forgotten is recorded in any case.

    Otherwise whoever comes back would be taken for who they were, and be forgotten by the list.
    """
    owners = [gone.complainant, *(f"mail-{mail}" for mail in gone.messages)]
    with store.database.connection() as conn:
        row = conn.execute(
            "select exists (select from desk.vault_keys where owner = any(%(owners)s))"
            " or exists (select from desk.papers where owner = any(%(owners)s)"
            "  or paper = any(%(papers)s))",
            {"owners": owners, "papers": list(gone.papers)},
        ).fetchone()
    forget(
        store, vault, gone.complainant, by=gone.by, at=gone.at, reason=gone.reason,
        rule=gone.rule, also=gone.papers, messages=gone.messages,
    )  # fmt: skip
    return bool(row and row[0])
