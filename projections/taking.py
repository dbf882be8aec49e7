"""Which ticket should this agent take now?

The most urgent one that nobody has and that fits what the agent may take. It is held for the agent
by a lease, so that agents who ask at the same moment get different tickets, however far the
projections are behind; the complaint's own stream has the last word.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import psycopg

from projections.concerned import HIDDEN

HELD = timedelta(minutes=1)
"""Long enough for the projections to show who took it."""


class Abilities(msgspec.Struct, frozen=True):
    """What somebody may be given; nothing named means anything."""

    categories: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    capacity: int | None = None
    """Open complaints at a time, those that wait not counted; None for no limit."""


_ABILITIES = "select categories, languages, capacity from desk.users where id = %s"
_LOAD = "select count(*) from read.queue where open and not paused and assignee = %s"
# SKIP LOCKED passes over a ticket that somebody is claiming at this moment, the condition on leases
# over one that was claimed just now; between the two stands the lease's own key.
_FREE = f"""
    select q.reference from read.queue q
    where q.open and q.assignee is null and not q.paused
        and (cardinality(%(categories)s::text[]) = 0 or q.category = any(%(categories)s))
        and (cardinality(%(languages)s::text[]) = 0 or q.language = any(%(languages)s))
        and not exists (
            select from desk.leases l
            where l.task = 'take:' || q.reference and l.until > clock_timestamp()
        )
        and q.reference <> all ({HIDDEN.format(person="%(holder)s")})
"""  # noqa: S608 (ours, as below)
_CLAIM = f"""
with most_urgent as (
    {_FREE}
    order by q.urgency, q.reference limit 1
    for update of q skip locked
)
insert into desk.leases (task, holder, until)
select 'take:' || reference, %(holder)s, clock_timestamp() + %(time)s from most_urgent
on conflict (task) do update set holder = excluded.holder, until = excluded.until
where leases.until <= clock_timestamp()
returning substr(task, 6)
"""  # noqa: S608 (ours, without anything from outside)
_NONE_LEFT = f"select not exists ({_FREE})"


def abilities(conn: psycopg.Connection[Any], user: str) -> Abilities:
    """What the account with this id may take."""
    row = conn.execute(_ABILITIES, (user,), prepare=True).fetchone()
    return Abilities(tuple(row[0]), tuple(row[1]), row[2]) if row else Abilities()


def enable(conn: psycopg.Connection[Any], user: str, may: Abilities) -> None:
    """Set what the account may take."""
    conn.execute(
        "update desk.users set categories = %s, languages = %s, capacity = %s where id = %s",
        (list(may.categories), list(may.languages), may.capacity, user),
    )


def load(conn: psycopg.Connection[Any], agent: str) -> int:
    """How many open complaints the agent works on."""
    row = conn.execute(_LOAD, (agent,), prepare=True).fetchone()
    assert row is not None
    return int(row[0])


def hold(conn: psycopg.Connection[Any], *, agent: str, may: Abilities) -> str | None:
    """The reference of the ticket that is the agent's to take for a minute.

    None where there is none, or where somebody was quicker at the same instant: see `none_left`.
    """
    asked = _asked(may) | {"holder": agent, "time": HELD}
    row = conn.execute(_CLAIM, asked, prepare=True).fetchone()
    return str(row[0]) if row else None


def none_left(conn: psycopg.Connection[Any], *, agent: str, may: Abilities) -> bool:
    """Whether there is no ticket that could be held."""
    row = conn.execute(_NONE_LEFT, _asked(may) | {"holder": agent}, prepare=True).fetchone()
    return bool(row and row[0])


def _asked(may: Abilities) -> dict[str, Any]:
    return {"categories": list(may.categories), "languages": list(may.languages)}
