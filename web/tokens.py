"""Which program may do what, on whose behalf?

A token belongs to a user and has scopes; the database keeps only its hash.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg import errors as pg

from recovery.database import Database
from recovery.errors import Invalid, NotFound, Refused
from web.accounts import HIDDEN_FROM_USER, Accounts, User, at_the_door

SCOPES = ("complaints:read", "complaints:write", "admin")
PREFIX = "rcv_"
"""So that a token that leaked into a repository is recognised as one."""
REMEMBERED_SECONDS = 5.0
"""A revoked token may still work for this long in a process that has just seen it."""
_REMEMBERED_AT_MOST = 1_000


class Caller(msgspec.Struct, frozen=True):
    """A program and the person it acts for."""

    user: User
    scopes: frozenset[str]


class Tokens:
    """API tokens; the table is `desk.tokens`."""

    def __init__(self, database: Database, accounts: Accounts) -> None:
        self._database = database
        self._accounts = accounts
        self._remembered: dict[str, tuple[float, Caller]] = {}

    def add(self, *, name: str, user: User, scopes: Sequence[str]) -> str:
        """The new token, shown this once; raises Invalid and Refused."""
        for scope in scopes or ("",):
            if scope not in SCOPES:
                raise Invalid(
                    f"{scope[:30]!r} is not a scope (use {', '.join(SCOPES)}).", field="scope"
                )
        if "admin" in scopes and not user.may("administrator"):
            raise Refused("Only an administrator's token may have the scope admin.")
        if not name.strip():
            raise Invalid("Give the token a name.", field="name")
        token = PREFIX + secrets.token_urlsafe(32)
        with self._database.connection() as conn:
            try:
                conn.execute(
                    "insert into desk.tokens (token_hash, name, user_id, scopes)"
                    " values (%s, %s, %s, %s)",
                    (self._accounts.hashed(token), name.strip(), user.id, sorted(set(scopes))),
                )
            except pg.UniqueViolation:
                raise Refused(f"There is a token named {name.strip()[:100]} already.") from None
        return token

    def revoke(self, *, name: str, now: datetime) -> None:
        """End a token; raises NotFound."""
        with self._database.connection() as conn:
            ended = conn.execute(
                "update desk.tokens set revoked_at = %s where name = %s and revoked_at is null",
                (now, name),
            ).rowcount
        if not ended:
            raise NotFound(f"There is no token named {name[:100]} in use.")

    def remembered(self, token: str) -> Caller | None:
        """The caller if this process looked the token up a moment ago; costs nothing."""
        found = self._remembered.get(token)
        return found[1] if found and found[0] > time.monotonic() else None

    def caller(self, token: str) -> Caller | None:
        """The caller of a token, in one statement; None when it is unknown or revoked."""
        with self._database.connection() as conn:
            row = conn.execute(
                "select u.id, u.email, u.name, u.role, u.language, u.time_zone,"  # noqa: S608
                f" {HIDDEN_FROM_USER}, t.scopes"
                " from desk.tokens t join desk.users u on u.id = t.user_id"
                " where t.token_hash = %s and t.revoked_at is null and u.active",
                (self._accounts.hashed(token),),
                prepare=True,
            ).fetchone()
        if row is None:
            self._remembered.pop(token, None)
            return None
        caller = Caller(at_the_door(row[:-1]), frozenset(row[-1]))
        if len(self._remembered) >= _REMEMBERED_AT_MOST:
            self._remembered.clear()
        self._remembered[token] = (time.monotonic() + REMEMBERED_SECONDS, caller)
        return caller
