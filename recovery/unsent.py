"""What did somebody without an account begin to write, and mean to send another day?

It is sealed with a key that follows from the address they were given and from a key of the desk:
whoever has neither the address nor the desk reads nothing, and neither does a backup. What is kept
has an end, and is gone after it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import secrets
from datetime import datetime, timedelta
from typing import Any

import msgspec
import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

LASTS = timedelta(days=14)
"""From when it was kept last."""
TOKEN_BYTES = 15
_TOKEN = re.compile(r"[a-z2-7]{24}")
_NONCE = 12


class Unsent(msgspec.Struct, frozen=True):
    """What was typed, by field, and until when it is kept."""

    typed: dict[str, list[str]]
    until: datetime


def draw() -> str:
    """A token for something new."""
    return base64.b32encode(secrets.token_bytes(TOKEN_BYTES)).decode().lower()


def keep(
    conn: psycopg.Connection[Any], token: str, typed: dict[str, list[str]], *, key: bytes,
    now: datetime,
) -> datetime:  # fmt: skip
    """Keep what was typed, in place of what this token kept before; until when is told."""
    place, own = _place(token), _key(token, key)
    nonce = os.urandom(_NONCE)
    sealed = nonce + AESGCM(own).encrypt(nonce, msgspec.json.encode(typed), place.encode())
    conn.execute(
        "insert into desk.unsent (place, sealed, until) values (%s, %s, %s)"
        " on conflict (place) do update set sealed = excluded.sealed, until = excluded.until",
        (place, sealed, now + LASTS), prepare=True,
    )  # fmt: skip
    return now + LASTS


def read(conn: psycopg.Connection[Any], token: str, *, key: bytes, now: datetime) -> Unsent | None:
    """What the token keeps; None where there is nothing, or nothing any more."""
    if not _TOKEN.fullmatch(token):
        return None
    place = _place(token)
    row = conn.execute(
        "select sealed, until from desk.unsent where place = %s and until > %s", (place, now),
        prepare=True,
    ).fetchone()  # fmt: skip
    if row is None:
        return None
    sealed, until = row
    try:
        plain = AESGCM(_key(token, key)).decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode())
    except InvalidTag:  # kept under another key of the desk
        return None
    return Unsent(msgspec.json.decode(plain, type=dict[str, list[str]]), until)


def drop(conn: psycopg.Connection[Any], token: str) -> None:
    """It was sent, or is not wanted any more."""
    conn.execute("delete from desk.unsent where place = %s", (_place(token),), prepare=True)


def drop_ended(conn: psycopg.Connection[Any], *, now: datetime) -> int:
    """Remove what nobody came back for; returns how many."""
    return conn.execute("delete from desk.unsent where until <= %s", (now,)).rowcount


def _place(token: str) -> str:
    """Where it lies: nobody finds the token by it."""
    return hashlib.sha256(b"place\0" + token.encode()).hexdigest()


def _key(token: str, key: bytes) -> bytes:
    return hmac.digest(key, b"unsent\0" + token.encode(), hashlib.sha256)
