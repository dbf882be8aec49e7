"""What is known of each area, by which version of which table?"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from projections.table import Given, Projection, metadata
from recovery.areas import Content
from recovery.events import AreasUploaded, Recorded, subject

MOST_READ = 2_000
"""Areas looked at to say whether a column holds numbers."""


class Area(msgspec.Struct, frozen=True, kw_only=True):
    """One area as one version of a table tells of it."""

    attribute: str
    """Of a complaint, that names its area."""
    version: int
    area: str
    told: dict[str, str]
    """By column; a value that the table leaves out is left out here."""


table = sa.Table(
    "areas",
    metadata,
    sa.Column("attribute", sa.Text(collation="C"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("area", sa.Text(collation="C"), primary_key=True),
    sa.Column("told", JSONB, nullable=False),
)


def fold(rows: tuple[Area, ...], record: Recorded, given: Given) -> tuple[Area, ...]:
    event = record.event
    if not isinstance(event, AreasUploaded):
        return rows
    paper = given.papers.get(event.content.paper)
    if paper is None:
        return rows
    content = msgspec.json.decode(paper, type=Content)
    return (*rows, *(
        Area(
            attribute=event.attribute, version=record.version, area=area,
            told={name: value for name, value in zip(content.columns, values, strict=True)
                  if value},
        )
        for area, values in content.rows
    ))  # fmt: skip


def groups(record: Recorded) -> Sequence[str]:
    return (subject(record.stream),)


def papers(record: Recorded) -> Sequence[str]:
    event = record.event
    return (event.content.paper,) if isinstance(event, AreasUploaded) else ()


PROJECTION: Projection[Area] = Projection(
    name="areas",
    version=1,
    table=table,
    row=Area,
    group="attribute",
    events=frozenset({AreasUploaded}),
    groups=groups,
    fold=fold,
    papers=papers,
    appends=True,
)


class Lookup(msgspec.Struct, frozen=True):
    """The table that a question may look up: the latest there is."""

    attribute: str
    version: int
    width: int
    """Digits of its codes, where all that are numbers have equally many; else 0."""
    columns: dict[str, bool]
    """Name to whether it holds numbers only."""

    @property
    def name(self) -> str:
        return f"{self.attribute}@{self.version}"


_LATEST = sa.text("""
with latest as (
  select attribute, max(version) as version from read.areas
  where cast(:pinned as text[]) is null or attribute || '@' || version = any(:pinned)
  group by attribute
),
widths as (
  select l.attribute, l.version, min(length(a.area)) as least, max(length(a.area)) as most
  from latest l join read.areas a using (attribute, version)
  where a.area ~ '^[0-9]+$' group by l.attribute, l.version
),
sample as (
  select l.attribute, l.version, a.told
  from latest l cross join lateral (
    select told from read.areas a where a.attribute = l.attribute and a.version = l.version
    order by a.area limit :most
  ) a
),
told as (
  select attribute, version, key, bool_and(value ~ '^-?[0-9]+([.][0-9]+)?$') as numeric
  from sample cross join lateral jsonb_each_text(told) group by attribute, version, key
)
select c.attribute, c.version, coalesce(case when w.least = w.most then w.most end, 0),
  jsonb_object_agg(c.key, c.numeric)
from told c left join widths w using (attribute, version)
group by c.attribute, c.version, w.least, w.most order by c.attribute
""")


def lookups(conn: sa.Connection, *, pinned: Sequence[str] = ()) -> list[Lookup]:
    """The latest version of each table, or the versions that are pinned: "zip@1"."""
    given = {"most": MOST_READ, "pinned": list(pinned) or None}
    return [Lookup(*row) for row in conn.execute(_LATEST, given)]
