"""What has somebody begun to write, and not sent?

A draft is a paper under the complainant's key, kept while its writer types: it outlives a crash of
the browser, colleagues see that it is there, and it is forgotten with the person it is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
import psycopg

from recovery import text as texts
from recovery.errors import Invalid
from recovery.vault import Vault, Words

FIELDS: Mapping[str, str] = {
    "acknowledgement": "message", "explanation": "message", "compensation": "message",
    "closure": "message", "letters": "text", "messages": "text", "notes": "text",
}  # fmt: skip
"""The field of each act that is kept."""
_DRAFTS = "select user_id, act, paper, saved_at from desk.drafts where complaint = %s"


class Draft(msgspec.Struct, frozen=True):
    """Words that were not sent yet."""

    user: str
    act: str
    paper: str
    saved_at: datetime


def drafts(conn: psycopg.Connection[Any], complaint: str) -> list[Draft]:
    """Everybody's drafts for the complaint, latest first."""
    rows = conn.execute(f"{_DRAFTS} order by saved_at desc", (complaint,), prepare=True)
    return [Draft(*row) for row in rows]


def keep(
    conn: psycopg.Connection[Any], vault: Vault, *, complaint: str, complainant: str, user: str,
    act: str, text: str, at: datetime,
) -> None:  # fmt: skip
    """Keep the words in place of those kept before; nothing of empty ones.

    Raises Invalid for an act that has no words. Keeps nothing of somebody who was forgotten.
    """
    if act not in FIELDS:
        raise Invalid("There is no such form.", field="act")
    words = texts.clean(text, field="text")
    with conn.transaction():
        drop(conn, complaint=complaint, user=user, act=act)
        key = vault.key_of(conn, complainant) if words else None
        if key is None:
            return
        paper = vault.seal(key, complainant, Words(words))
        conn.execute(
            "insert into desk.papers (paper, owner, sealed) values (%s, %s, %s)",
            (paper.ref.paper, paper.owner, paper.sealed), prepare=True,
        )  # fmt: skip
        conn.execute(
            "insert into desk.drafts (complaint, user_id, act, paper, saved_at)"
            " values (%s, %s, %s, %s, %s) on conflict (complaint, user_id, act) do update"
            " set paper = excluded.paper, saved_at = excluded.saved_at",
            (complaint, user, act, paper.ref.paper, at), prepare=True,
        )  # fmt: skip


def drop(conn: psycopg.Connection[Any], *, complaint: str, user: str, act: str) -> None:
    """The words were sent, or are not wanted any more."""
    conn.execute(
        "with gone as (delete from desk.drafts where complaint = %s and user_id = %s and act = %s"
        " returning paper) delete from desk.papers where paper in (select paper from gone)",
        (complaint, user, act), prepare=True,
    )  # fmt: skip
