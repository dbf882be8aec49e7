"""Which claims are alike: by who made them, from where, over what, and to which account?

Claims are compared by keyed digests; nobody reads an address to find that two are the same. What is
alike is a sign, and a person looks into it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from projections.table import Given, Projection, metadata
from recovery.events import Forgotten, GuaranteeClaimed, Recorded, Sign, subject

MANY = 3
"""Other complaints with a claim of the same person within a year."""


class ClaimRow(msgspec.Struct, frozen=True, kw_only=True):
    """One claim, and what it can share with others; empty: not known."""

    complaint: str
    guarantee: str
    at: datetime | None
    person: str
    address: str
    phone: str
    goods: str


table = sa.Table(
    "claims",
    metadata,
    sa.Column("complaint", sa.Text(collation="C"), primary_key=True),
    sa.Column("guarantee", sa.Text(collation="C"), primary_key=True),
    sa.Column("at", sa.DateTime(timezone=True)),
    *(sa.Column(name, sa.Text(collation="C"), nullable=False)
      for name in ("person", "address", "phone", "goods")),
)  # fmt: skip
for _name in ("person", "address", "phone", "goods"):
    sa.Index(f"claims_{_name}", table.c[_name], postgresql_where=table.c[_name] != "")


def groups(record: Recorded) -> Sequence[str]:
    event = record.event
    if isinstance(event, Forgotten):
        return event.complaints
    return (subject(record.stream),) if isinstance(event, GuaranteeClaimed) else ()


def fold(rows: tuple[ClaimRow, ...], record: Recorded, _: Given) -> tuple[ClaimRow, ...]:
    """Whoever is forgotten is compared with nobody any more."""
    event = record.event
    if not isinstance(event, GuaranteeClaimed):
        return ()
    told = event.traces
    return (*rows, ClaimRow(
        complaint=subject(record.stream), guarantee=event.guarantee, at=event.at,
        person=told.get("person", ""), address=told.get("address", ""),
        phone=told.get("phone", ""), goods=told.get("goods", ""),
    ))  # fmt: skip


PROJECTION: Projection[ClaimRow] = Projection(
    name="claims",
    version=1,
    table=table,
    row=ClaimRow,
    group="complaint",
    events=frozenset({GuaranteeClaimed, Forgotten}),
    groups=groups,
    fold=fold,
)

_SIGNS = sa.text("""
with mine as (select distinct complaint, person, address, phone, goods, at from read.claims
    where complaint = any(:complaints)),
alike as (
  select m.complaint, 'many_claims' as kind, o.complaint as other from mine m
    join read.claims o on o.person = m.person and m.person <> ''
      and o.at > m.at - interval '1 year' and o.at <= m.at
  union select m.complaint, 'same_address', o.complaint from mine m
    join read.claims o on o.address = m.address and m.address <> '' and o.person <> m.person
  union select m.complaint, 'same_phone', o.complaint from mine m
    join read.claims o on o.phone = m.phone and m.phone <> '' and o.person <> m.person
  union select m.complaint, 'same_goods', o.complaint from mine m
    join read.claims o on o.goods = m.goods and m.goods <> ''
  union select m.complaint, 'same_account', o.complaint from mine m
    join read.payees p on p.complaint = m.complaint
    join read.payees q on q.fingerprint = p.fingerprint
    join read.claims o on o.complaint = q.complaint and o.person <> m.person
)
select complaint, kind, array_agg(other order by other) from alike where other <> complaint
group by complaint, kind
having kind <> 'many_claims' or count(*) >= :many order by complaint, kind
""")


def signs(conn: sa.Connection, complaints: Collection[str]) -> dict[str, tuple[Sign, ...]]:
    """What looks like abuse, by complaint, with the other complaints it is seen in."""
    found: dict[str, tuple[Sign, ...]] = {}
    asked = {"complaints": list(complaints), "many": MANY}
    for complaint, kind, others in conn.execute(_SIGNS, asked):
        found[complaint] = (*found.get(complaint, ()), Sign(kind, tuple(others)))
    return found
