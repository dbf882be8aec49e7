"""Which complaints are about which colleague, and must not be seen by them?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from projections.table import Given, Projection, metadata
from recovery.events import Recorded, StaffNamed, subject


class Concern(msgspec.Struct, frozen=True, kw_only=True):
    """A complaint, and one of those whom it is about."""

    complaint: str
    person: str
    version: int
    """Of the complaint, when it was said."""


table = sa.Table(
    "concerned",
    metadata,
    sa.Column("complaint", sa.Text(collation="C"), primary_key=True),
    sa.Column("person", sa.Text(collation="C"), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
)
sa.Index("concerned_person", table.c.person)


def groups(record: Recorded) -> Sequence[str]:
    return (subject(record.stream),)


def fold(rows: tuple[Concern, ...], record: Recorded, _: Given) -> tuple[Concern, ...]:
    event = record.event
    if not isinstance(event, StaffNamed):
        return rows
    complaint = subject(record.stream)
    return tuple(
        Concern(complaint=complaint, person=person, version=record.version)
        for person in event.staff
    )


PROJECTION: Projection[Concern] = Projection(
    name="concerned",
    version=1,
    table=table,
    row=Concern,
    group="complaint",
    events=frozenset({StaffNamed}),
    groups=groups,
    fold=fold,
)


def seen(reference: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """The condition that a complaint is none of those `hidden` from whoever asks."""
    return reference != sa.all_(sa.bindparam("hidden", type_=ARRAY(sa.Text)))


HIDDEN = """
array(
    select c.complaint from read.concerned c where c.person = {person}
    union
    select tied.reference from read.concerned c
    join read.queue q on q.reference = c.complaint
    cross join lateral (
        select q.ties ->> 'into' union all select json_array_elements_text(q.ties -> 'holds')
    ) tied (reference)
    where c.person = {person} and tied.reference <> ''
)
"""
"""SQL of all that a person must not see: also what such a complaint is answered under, or together
with, for there stands the same."""

OWNERS = {
    "payout": "select complaint from read.payouts where payout = %s",
    "delivery": "select complaint from read.deliveries where delivery = %s",
    "mail": "select reference from desk.mail where mail = %s",
    "complainant": "select reference from read.queue where complainant = %s",
    "person": "select reference from read.queue where complainant = %s",
}
"""By the name that addresses have for it: of which complaints something is."""


def unnamed(conn: psycopg.Connection[Any], hidden: Collection[str]) -> frozenset[str]:
    """What is not named to somebody who must not see these complaints: they, and who complained."""
    if not hidden:
        return frozenset()
    asked = "select complainant from read.queue where reference = any(%s)"
    return frozenset(hidden).union(*conn.execute(asked, (list(hidden),)).fetchall())


def owners(conn: psycopg.Connection[Any], name: str, id: str) -> set[str]:
    """The complaints that a payout, a letter, a message or a person belongs to."""
    return {str(row[0]) for row in conn.execute(OWNERS[name], (id,)).fetchall()}
