"""Which mail of the desk does a colleague not want?

What an escalation sends is no matter of taste: the policy says who is told.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import psycopg

from web.accounts import Role
from web.i18n import mark
from web.mail.daily import KIND as DAILY

CALLS = "calls"
KINDS: dict[str, tuple[str, Role]] = {
    DAILY: (
        mark("Each morning how the desk stands, with the newest head of the seal"),
        "supervisor",
    ),
    CALLS: (mark("When a note calls me"), "agent"),
}
"""What can be left out: the words, and who gets it."""


def unwanted(conn: psycopg.Connection[Any], user: str) -> frozenset[str]:
    """The kinds that this person (by id) does not want."""
    rows = conn.execute("select kind from desk.mail_unwanted where user_id = %s", (user,))
    return frozenset(kind for (kind,) in rows.fetchall())


def choose(conn: psycopg.Connection[Any], user: str, *, wanted: Collection[str]) -> None:
    """These, and none of the others."""
    with conn.transaction():
        conn.execute("delete from desk.mail_unwanted where user_id = %s", (user,))
        conn.execute(
            "insert into desk.mail_unwanted (user_id, kind) select %s, unnest(%s::text[])"
            " on conflict do nothing",
            (user, sorted(KINDS.keys() - set(wanted))),
        )
