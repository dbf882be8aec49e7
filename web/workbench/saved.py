"""How does this person like the queue, and which questions to it have names?"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, get_args

import msgspec
import psycopg

from recovery import text as texts
from recovery.errors import Invalid, NotFound

Density = Literal["dense", "airy"]
DENSITIES: tuple[Density, ...] = get_args(Density)
MOST = 50
"""Views of one person."""
LONGEST = 1_000
"""Characters of what a view asks."""


class Saved(msgspec.Struct, frozen=True):
    """A question to the queue that has a name."""

    id: str
    name: str
    asked: str
    """What stands in the address after "?"."""
    shared: bool
    own: bool
    pinned: bool


class Here(msgspec.Struct, frozen=True):
    """Somebody who has a complaint open."""

    complaint: str
    user: str
    typing: bool


class Bench(msgspec.Struct, frozen=True):
    """What the queue has to know of the person before it, and of their colleagues."""

    columns: tuple[str, ...] | None = None
    """None where they never chose."""
    density: Density = "dense"
    views: tuple[Saved, ...] = ()
    here: tuple[Here, ...] = ()


_BENCH = """
select json_build_object(
    'columns', l.columns, 'density', coalesce(l.density, 'dense'),
    'views', coalesce((
        select json_agg(json_build_object('id', v.id, 'name', v.name, 'asked', v.asked,
            'shared', v.shared, 'own', v.owner = %(user)s, 'pinned', p.view is not null)
            order by p.view is null, v.name, v.id)
        from desk.saved_views v
        left join desk.pinned_views p on p.view = v.id and p.user_id = %(user)s
        where v.owner = %(user)s or v.shared), '[]'),
    'here', coalesce((
        select json_agg(json_build_object('complaint', complaint, 'user', user_id,
            'typing', typing) order by complaint, user_id)
        from desk.presence where complaint = any(%(complaints)b) and user_id <> %(user)s
            and until > clock_timestamp()), '[]')
)::text
from (select) one left join desk.queue_looks l on l.user_id = %(user)s
"""
_decode = msgspec.json.Decoder(Bench).decode


def bench(conn: psycopg.Connection[Any], user: str, complaints: Sequence[str] = ()) -> Bench:
    """Everything in one statement; `complaints` are those on the page."""
    asked = {"user": user, "complaints": list(complaints)}
    row = conn.execute(_BENCH, asked, prepare=True).fetchone()
    assert row is not None
    return _decode(row[0])


def look(conn: psycopg.Connection[Any], user: str, *, columns: Sequence[str], density: str) -> None:
    """Remember how the queue is to look."""
    if density not in DENSITIES:
        raise Invalid("Choose how close the rows stand.", field="density")
    conn.execute(
        "insert into desk.queue_looks (user_id, columns, density) values (%s, %s, %s)"
        " on conflict (user_id) do update set columns = excluded.columns,"
        " density = excluded.density",
        (user, list(columns), density),
    )


def save(conn: psycopg.Connection[Any], owner: str, *, name: str, asked: str, at: datetime) -> str:
    """Give a question a name, for its owner alone and pinned; returns the view's id."""
    title = texts.line(name, field="name", limit=60)
    if not title:
        raise Invalid("Give the view a name.", field="name")
    if len(asked) > LONGEST:
        raise Invalid("This asks for too much to be kept.", field="name")
    row = conn.execute(
        "select count(*) from desk.saved_views where owner = %s", (owner,)
    ).fetchone()
    if row and row[0] >= MOST:
        raise Invalid("You have as many views as there can be. Delete one first.", field="name")
    view = secrets.token_hex(8)
    with conn.transaction():
        conn.execute(
            "insert into desk.saved_views (id, owner, name, asked, shared, made_at)"
            " values (%s, %s, %s, %s, false, %s)",
            (view, owner, title, asked, at),
        )
        pin(conn, owner, view)
    return view


def share(conn: psycopg.Connection[Any], owner: str, view: str) -> None:
    """Let everybody see it; raises NotFound unless it is the owner's."""
    _own(conn, "update desk.saved_views set shared = true", owner, view)


def keep_private(conn: psycopg.Connection[Any], owner: str, view: str) -> None:
    _own(conn, "update desk.saved_views set shared = false", owner, view)


def remove(conn: psycopg.Connection[Any], owner: str, view: str) -> None:
    _own(conn, "delete from desk.saved_views", owner, view)


def pin(conn: psycopg.Connection[Any], user: str, view: str) -> None:
    """Show it first; of those that the person may see."""
    conn.execute(
        "insert into desk.pinned_views (user_id, view) select %s, id from desk.saved_views"
        " where id = %s and (owner = %s or shared) on conflict do nothing",
        (user, view, user),
    )


def unpin(conn: psycopg.Connection[Any], user: str, view: str) -> None:
    conn.execute("delete from desk.pinned_views where user_id = %s and view = %s", (user, view))


def _own(conn: psycopg.Connection[Any], change: str, owner: str, view: str) -> None:
    done = conn.execute(f"{change} where id = %s and owner = %s", (view, owner))
    if not done.rowcount:
        raise NotFound("There is no such view of yours.")
