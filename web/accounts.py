"""Who may come in, as whom, and for how long?

Passwords are kept as argon2id hashes. Sessions live in the database, found by a keyed hash of a
random token that only the browser holds, so reading the table lets nobody in.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
from psycopg import errors as pg
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from projections.concerned import HIDDEN
from recovery import text as texts
from recovery.database import Database
from recovery.errors import Invalid, Refused
from recovery.reference import ALPHABET

Role = Literal["agent", "supervisor", "administrator"]
ROLES: tuple[Role, ...] = ("agent", "supervisor", "administrator")
"""Each may do what those before it may."""
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200
FAILURES_ALLOWED = 10
FAILURES_FOR = timedelta(minutes=15)

# OWASP's first recommendation for argon2id with 19 MiB: several sign-ins at once fit the memory
# of a small server.
_hashing = PasswordHash((Argon2Hasher(memory_cost=19_456, time_cost=2, parallelism=1),))
AT_ONCE = 4
TURNS = threading.BoundedSemaphore(AT_ONCE)
"""Passwords looked at, at once: whoever knocks often must not take all memory and cores."""
_NOBODYS_HASH = _hashing.hash(secrets.token_hex(16))
"""Verified against when the address is unknown, so that both answers take equally long."""
NAMES_LAST = 5.0
"""Seconds."""
_COLUMNS = "id, email, name, role, language, time_zone"
HIDDEN_FROM_USER = HIDDEN.format(person="'user:' || u.id")


class SignInRefused(Refused):
    """The address or the password is wrong, or there were too many attempts."""


class User(msgspec.Struct, frozen=True):
    """Somebody who works at the desk."""

    id: str
    email: str
    name: str
    role: Role
    language: str = "en"
    time_zone: str = ""
    """IANA name; empty for the desk's own."""
    hidden: frozenset[str] = frozenset()
    """References of complaints about them, of which they see nothing; known at the door alone."""

    @property
    def by(self) -> str:
        """How events name this person."""
        return f"user:{self.id}"

    def may(self, role: Role) -> bool:
        return at_least(self.role, role)


class Session(msgspec.Struct, frozen=True):
    """A browser that somebody signed in with."""

    user: User
    csrf: str
    """What each form of this session must carry."""


def at_least(role: Role, wanted: Role) -> bool:
    """Whether the role may do what the wanted one may."""
    return ROLES.index(role) >= ROLES.index(wanted)


def at_the_door(row: Sequence[Any]) -> User:
    """The user of a row that ends with HIDDEN_FROM_USER."""
    *known, hidden = row
    return msgspec.structs.replace(User(*known), hidden=frozenset(hidden))


class Accounts:
    """Users and their sessions; the tables are `desk.users`, `sessions`, `sign_in_failures`."""

    def __init__(self, database: Database, secret: bytes) -> None:
        self._database = database
        self._secret = secret
        self._names: tuple[float, dict[str, str]] = (0.0, {})

    # ------------------------------------------------------------ users

    def add_user(
        self, *, email: str, name: str, role: str, password: str, language: str = "en",
        id: str | None = None,
    ) -> User:  # fmt: skip
        """A new account; raises Invalid, and Refused when the address has one."""
        user = User(id or _draw_id(), _address(email), name.strip(), _role(role), language)
        if not user.name:
            raise Invalid("Give the person's name.", field="name")
        acceptable = _acceptable(password)
        with TURNS:
            hashed = _hashing.hash(acceptable)
        with self._database.connection() as conn:
            try:
                conn.execute(
                    "insert into desk.users (id, email, name, role, language, password_hash)"
                    " values (%s, %s, %s, %s, %s, %s)",
                    (user.id, user.email, user.name, user.role, user.language, hashed),
                )
            except pg.UniqueViolation:
                raise Refused(f"{user.email} has an account already.") from None
        self._names = (0.0, {})
        return user

    def users(self) -> list[User]:
        """Everybody who may sign in, by name."""
        with self._database.connection() as conn:
            rows = conn.execute(
                f"select {_COLUMNS} from desk.users where active order by name, id"  # noqa: S608
            ).fetchall()
        return [User(*row) for row in rows]

    def names(self) -> dict[str, str]:
        """Who is who: "user:ana" to the person's name.

        Every page asks; somebody added by another process is there after a few seconds.
        """
        until, found = self._names
        if time.monotonic() >= until:
            found = {user.by: user.name for user in self.users()}
            self._names = (time.monotonic() + NAMES_LAST, found)
        return found

    def named(self, text: str) -> User:
        """The account of a user id, "user:…" or an email address; raises Invalid."""
        name = texts.line(text, field="agent").removeprefix("user:").lower()
        with self._database.connection() as conn:
            row = conn.execute(
                f"select {_COLUMNS} from desk.users where active"  # noqa: S608
                " and (id = %s or lower(email) = %s)",
                (name, name),
            ).fetchone()
        if row is None:
            raise Invalid(f"Nobody here is {text.strip()[:100]!r}.", field="agent")
        return User(*row)

    def hidden_from(self, user: User) -> frozenset[str]:
        """The references of what they see nothing of."""
        with self._database.connection() as conn:
            row = conn.execute(
                f"select {HIDDEN_FROM_USER} from desk.users u where id = %s",  # noqa: S608
                (user.id,),
            ).fetchone()
        return frozenset(row[0] if row else ())

    # ------------------------------------------------------------ sessions

    def sign_in(
        self, *, email: str, password: str, now: datetime, lasts: timedelta
    ) -> tuple[str, Session]:
        """The token for the browser and the session; raises SignInRefused.

        The attempt counts as failed before the password is looked at, so that many at once
        cannot slip past the limit.
        """
        address = "".join(filter(str.isprintable, email)).strip().lower()[:320]
        self._count_attempt(address, now)
        with self._database.connection() as conn:
            row = conn.execute(
                f"select {_COLUMNS}, password_hash from desk.users"  # noqa: S608
                " where lower(email) = %s and active",
                (address,),
            ).fetchone()
        with TURNS:
            fits, renewed = _hashing.verify_and_update(
                password[:LONGEST_PASSWORD], row[-1] if row else _NOBODYS_HASH
            )
        if row is None or not fits:
            raise SignInRefused("The email address or the password is not right.")
        user = User(*row[:-1])
        with self._database.connection() as conn:
            conn.execute("delete from desk.sign_in_failures where email = %s", (address,))
            conn.execute("delete from desk.sessions where expires_at < %s", (now,))
            if renewed:
                conn.execute(
                    "update desk.users set password_hash = %s where id = %s", (renewed, user.id)
                )
        return self.begin(user, now + lasts)

    def session(self, token: str, *, now: datetime) -> Session | None:
        """The session of a token, in one statement; None when it ended or never was."""
        with self._database.connection() as conn:
            row = conn.execute(
                "select u.id, u.email, u.name, u.role, u.language, u.time_zone,"  # noqa: S608
                f" {HIDDEN_FROM_USER}, s.csrf"
                " from desk.sessions s join desk.users u on u.id = s.user_id"
                " where s.token_hash = %s and s.expires_at > %s and u.active",
                (self.hashed(token), now),
                prepare=True,
            ).fetchone()
        return Session(at_the_door(row[:-1]), row[-1]) if row else None

    def sign_out(self, token: str) -> None:
        with self._database.connection() as conn:
            conn.execute("delete from desk.sessions where token_hash = %s", (self.hashed(token),))

    def hashed(self, token: str) -> bytes:
        """What the database keeps of a session or API token."""
        return hmac.digest(self._secret, token.encode(), hashlib.sha256)

    def begin(self, user: User, until: datetime) -> tuple[str, Session]:
        """The same for somebody who has shown otherwise who they are."""
        token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
        with self._database.connection() as conn:
            conn.execute(
                "insert into desk.sessions (token_hash, user_id, csrf, expires_at)"
                " values (%s, %s, %s, %s)",
                (self.hashed(token), user.id, csrf, until),
            )
        return token, Session(user, csrf)

    def _count_attempt(self, address: str, now: datetime) -> None:
        since = now - FAILURES_FOR
        with self._database.connection() as conn:
            conn.execute("delete from desk.sign_in_failures where at < %s", (since,))
            conn.execute(
                "insert into desk.sign_in_failures (email, at) values (%s, %s)", (address, now)
            )
            row = conn.execute(
                "select count(*), min(at) from desk.sign_in_failures where email = %s", (address,)
            ).fetchone()
        assert row is not None
        if row[0] > FAILURES_ALLOWED:
            minutes = max(1, -(-(row[1] + FAILURES_FOR - now) // timedelta(minutes=1)))
            raise SignInRefused(
                f"Too many attempts for this address. Try again in {minutes} "
                f"{'minute' if minutes == 1 else 'minutes'}."
            )


def _draw_id() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(6)).lower()


def _address(email: str) -> str:
    address = texts.email(email)
    if not address:
        raise Invalid("Give the person's email address.", field="email")
    return address


def _role(role: str) -> Role:
    for known in ROLES:
        if role == known:
            return known
    raise Invalid(f"{role[:30]!r} is not a role (use {', '.join(ROLES)}).", field="role")


def _acceptable(password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Invalid(
            f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.",
            field="password",
        )
    return password
