"""Which mail of the desk does a colleague not want?

What an escalation sends is no matter of taste: the policy says who is told.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import psycopg

from web.accounts import ROLES, Role, User
from web.i18n import mark
from web.mail.daily import KIND as DAILY

CALLS = "calls"
KINDS: dict[str, tuple[str, tuple[Role, ...]]] = {
    DAILY: (
        mark("Each morning how the desk stands, with the newest head of the seal"),
        ("supervisor",),
    ),
    CALLS: (mark("When a note calls me"), ROLES),
}
"""What can be left out: the words, and who gets it."""


def offered(user: User) -> dict[str, str]:
    """The words of each kind that this person gets unless they say otherwise."""
    return {kind: words for kind, (words, roles) in KINDS.items() if user.role in roles}


def unwanted(conn: psycopg.Connection[Any], user: str) -> frozenset[str]:
    """The kinds that this person (by id) does not want."""
    rows = conn.execute("select kind from desk.mail_unwanted where user_id = %s", (user,))
    return frozenset(kind for (kind,) in rows.fetchall())


def choose(
    conn: psycopg.Connection[Any], user: str, *, offered: Collection[str], wanted: Collection[str]
) -> None:
    """Of what was offered these, and none of the others."""
    with conn.transaction():
        conn.execute(
            "delete from desk.mail_unwanted where user_id = %s and kind = any(%s)",
            (user, list(offered)),
        )
        conn.execute(
            "insert into desk.mail_unwanted (user_id, kind) select %s, unnest(%s::text[])"
            " on conflict do nothing",
            (user, sorted(set(offered) - set(wanted))),
        )
