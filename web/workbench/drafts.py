"""What has somebody begun to write, and not sent?

A draft is a paper under the complainant's key, kept while its writer types, and so are the files
that are to go along: it outlives a crash of the browser, colleagues see that it is there, and it is
forgotten with the person it is about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import psycopg
from msgspec.structs import replace

from recovery import text as texts
from recovery.errors import Invalid, Refused
from recovery.files import NewFile, sendable
from recovery.vault import Files, KeptFile, SealedPaper, Vault

FIELDS: Mapping[str, str] = {
    "acknowledgement": "message", "explanation": "message", "compensation": "message",
    "closure": "message", "letters": "text", "messages": "text", "notes": "text",
}  # fmt: skip
"""The field of each act that is kept."""
Place = tuple[str, str, str]
"""Complaint, user and act."""
_DRAFTS = "select user_id, act, paper, saved_at from desk.drafts where complaint = %s"


class Begun(Files, frozen=True, omit_defaults=True):
    """What is kept of a draft: its words and files."""

    unseen: str = ""
    """Those of the words that came by mail since its writer had them on a page."""


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
    act: str, text: str, at: datetime, had: str = "",
) -> None:  # fmt: skip
    """Keep the words in place of those kept before; nothing of empty ones, unless files are there.

    `had` is what stood there when the page came. Words that were added meanwhile stay below those
    that are kept until whoever writes has had them on a page; then they may go. Raises Invalid for
    an act that has no words. Keeps nothing of somebody who was forgotten.
    """
    if act not in FIELDS:
        raise Invalid("There is no such form.", field="act")
    words, place = texts.clean(text, field="text"), (complaint, user, act)
    with conn.transaction():
        begun = _begun(conn, vault, place)
        seen = f"\n{begun.unseen}\n" in f"\n{words}\n{had}\n"  # as lines of their own
        unseen = "" if seen else begun.unseen
        draft = replace(begun, text=_below(words, unseen), unseen=unseen)
        _replace(conn, vault, place, complainant, draft, at)


def add(
    conn: psycopg.Connection[Any], vault: Vault, *, complaint: str, complainant: str, user: str,
    act: str, text: str, at: datetime,
) -> None:  # fmt: skip
    """Keep the words below those kept before, even where those say the same. Raises Invalid."""
    words, place = texts.clean(text, field="text"), (complaint, user, act)
    with conn.transaction():
        begun = _begun(conn, vault, place)
        draft = replace(
            begun, text=_below(begun.text, words), unseen=_below(begun.unseen, words)
        )  # fmt: skip
        _replace(conn, vault, place, complainant, draft, at)


def enclose(
    conn: psycopg.Connection[Any], vault: Vault, *, complaint: str, complainant: str, user: str,
    act: str, stays: Callable[[str], bool], new: Sequence[NewFile], at: datetime,
) -> tuple[NewFile, ...]:  # fmt: skip
    """Keep files with the draft: of those kept before the papers that stay, and the new ones.

    Returns all of them. Raises Invalid for what no letter can carry, and Refused where there is
    nobody to write to.
    """
    place = (complaint, user, act)
    with conn.transaction():
        before = _begun(conn, vault, place)
        kept = [file for file in before.files if stays(file.content.paper)]
        contents = vault.open_many(conn, [file.content.paper for file in kept])
        old = [
            NewFile(file.name, file.type, contents[file.content.paper], file.risks)
            for file in kept if file.content.paper in contents
        ]  # fmt: skip
        files = sendable([*old, *new])
        key = vault.key_of(conn, complainant)
        if key is None:
            raise Refused("We have no contact details of this complainant.")
        papers = [vault.seal(key, complainant, file.content) for file in new]
        _remove(conn, [file.content.paper for file in before.files if file not in kept])
        draft = replace(before, files=(*kept, *map(_kept, new, papers)))
        _drop(conn, place)
        for paper in papers:
            _insert(conn, paper)
        if draft.text or draft.files:
            _put(conn, place, vault.seal(key, complainant, draft), at)
    return files


def drop(
    conn: psycopg.Connection[Any], vault: Vault, *, complaint: str, user: str, act: str
) -> None:
    """The words were sent, or are not wanted any more."""
    place = (complaint, user, act)
    with conn.transaction():
        _remove(conn, [file.content.paper for file in _begun(conn, vault, place).files])
        _drop(conn, place)


def _kept(file: NewFile, paper: SealedPaper) -> KeptFile:
    return KeptFile(paper.ref, file.name, file.type, len(file.content), file.risks)


def _below(words: str, more: str) -> str:
    return "\n\n".join(filter(None, (words, more)))


def _begun(conn: psycopg.Connection[Any], vault: Vault, place: Place) -> Begun:
    """What is kept there, which nobody else changes until the transaction ends."""
    lock = "select pg_advisory_xact_lock(hashtextextended(%s, 0))"
    conn.execute(lock, ("/".join(("draft", *place)),), prepare=True)
    found = conn.execute(
        "select paper from desk.drafts where complaint = %s and user_id = %s and act = %s",
        place, prepare=True,
    ).fetchone()  # fmt: skip
    opened = vault.open_readable(conn, [found[0]])[0] if found else {}
    return msgspec.json.decode(opened[found[0]], type=Begun) if found and opened else Begun("")


def _replace(
    conn: psycopg.Connection[Any], vault: Vault, place: Place, complainant: str, draft: Begun,
    at: datetime,
) -> None:  # fmt: skip
    """Keep the draft in place of the one before; none of nothing, or of who was forgotten."""
    key = vault.key_of(conn, complainant)
    _drop(conn, place)
    if key and (draft.text or draft.files):
        _put(conn, place, vault.seal(key, complainant, draft), at)


def _put(conn: psycopg.Connection[Any], place: Place, paper: SealedPaper, at: datetime) -> None:
    _insert(conn, paper)
    conn.execute(
        "insert into desk.drafts (complaint, user_id, act, paper, saved_at)"
        " values (%s, %s, %s, %s, %s)",
        (*place, paper.ref.paper, at), prepare=True,
    )  # fmt: skip


def _insert(conn: psycopg.Connection[Any], paper: SealedPaper) -> None:
    conn.execute(
        "insert into desk.papers (paper, owner, sealed) values (%s, %s, %s)",
        (paper.ref.paper, paper.owner, paper.sealed), prepare=True,
    )  # fmt: skip


def _remove(conn: psycopg.Connection[Any], papers: list[str]) -> None:
    if papers:
        conn.execute("delete from desk.papers where paper = any(%s)", (papers,), prepare=True)


def _drop(conn: psycopg.Connection[Any], place: Place) -> None:
    conn.execute(
        "with gone as (delete from desk.drafts where complaint = %s and user_id = %s and act = %s"
        " returning paper) delete from desk.papers where paper in (select paper from gone)",
        place, prepare=True,
    )  # fmt: skip
