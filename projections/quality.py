"""Which cases were drawn for review, and what did each reviewer answer?"""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.dialects.postgresql import JSONB

from projections.story import groups
from projections.table import Given, Projection, metadata
from recovery.events import Drawn, Marked, QualityMark, Recorded, Settled, subject
from recovery.quality import disputed

MOST_LISTED = 100


class Review(msgspec.Struct, frozen=True):
    """What one reviewer answered."""

    by: str
    at: datetime | None
    marks: dict[str, QualityMark]
    words: str | None = None
    """The paper with the comment."""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One case of one sample."""

    sample: str
    place: int
    """From 1; a reviewer knows the case by it."""
    complaint: str
    drawn_at: datetime | None
    drawn_by: str
    method: str
    seed: str
    stratum: str
    population: int
    form: int
    reviewers: tuple[str, ...]
    reviews: tuple[Review, ...] = ()
    settled: Review | None = None

    @property
    def disputed(self) -> list[str]:
        """The questions that wait for a third one."""
        return [] if self.settled else disputed([each.marks for each in self.reviews])

    @property
    def result(self) -> dict[str, QualityMark]:
        """What holds: where both agree, and what was settled; nothing before both answered."""
        if len(self.reviews) < 2:
            return {}
        first, second = (each.marks for each in self.reviews)
        agreed = {code: mark for code, mark in first.items() if second.get(code) == mark}
        return agreed | (self.settled.marks if self.settled else {})


table = sa.Table(
    "quality",
    metadata,
    sa.Column("sample", sa.Text(collation="C"), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("complaint", sa.Text(collation="C"), nullable=False),
    sa.Column("drawn_at", sa.DateTime(timezone=True)),
    *(sa.Column(name, sa.Text, nullable=False)
      for name in ("drawn_by", "method", "seed", "stratum")),
    sa.Column("population", sa.Integer, nullable=False),
    sa.Column("form", sa.Integer, nullable=False),
    sa.Column("reviewers", JSONB, nullable=False),
    sa.Column("reviews", JSONB, nullable=False),
    sa.Column("settled", JSONB),
)  # fmt: skip
_c = table.c
sa.Index("quality_latest", _c.drawn_at.desc(), postgresql_where=_c.place == 1)


def fold(rows: tuple[Case, ...], record: Recorded, _: Given) -> tuple[Case, ...]:
    event = record.event
    if isinstance(event, Drawn):
        return tuple(_case(record, event, place) for place in range(1, len(event.complaints) + 1))
    if not isinstance(event, Marked | Settled):
        return rows
    return tuple(_reviewed(row, event) if row.complaint == event.complaint else row for row in rows)


def _case(record: Recorded, event: Drawn, place: int) -> Case:
    return Case(
        sample=subject(record.stream), place=place, complaint=event.complaints[place - 1],
        drawn_at=event.at, drawn_by=event.by, method=event.method, seed=event.seed,
        stratum=event.stratum, population=event.population, form=event.form,
        reviewers=event.reviewers,
    )  # fmt: skip


def _reviewed(row: Case, event: Marked | Settled) -> Case:
    review = Review(event.by, event.at, event.marks, event.words.paper if event.words else None)
    if isinstance(event, Settled):
        return replace(row, settled=review)
    return replace(row, reviews=(*row.reviews, review))


PROJECTION: Projection[Case] = Projection(
    name="quality",
    version=1,
    table=table,
    row=Case,
    group="sample",
    events=frozenset({Drawn, Marked, Settled}),
    groups=groups,
    fold=fold,
    starts=lambda record: isinstance(record.event, Drawn),
)
_ROW = sa.cast(
    sa.func.json_build_object(*(p for name in PROJECTION.columns for p in (name, _c[name]))),
    sa.Text,
)
_decode = msgspec.json.Decoder(Case).decode


def cases(conn: sa.Connection, sample: str) -> list[Case]:
    """The cases of a sample in their order; empty where there is no such sample."""
    return [
        _decode(row)
        for row in conn.scalars(sa.select(_ROW).where(_c.sample == sample).order_by(_c.place))
    ]


class Listed(msgspec.Struct, frozen=True):
    """A sample, and how far its review has come."""

    sample: str
    drawn_at: datetime | None
    drawn_by: str
    method: str
    reviewers: tuple[str, ...]
    cases: int
    reviewed: int
    """By two."""
    mine: int
    """Cases that the viewer has reviewed."""


_LATEST = sa.text("""
with latest as (
  select sample, drawn_at, drawn_by, method, reviewers from read.quality
  where place = 1 order by drawn_at desc limit :most
)
select l.sample, l.drawn_at, l.drawn_by, l.method, l.reviewers, count(*),
  count(*) filter (where jsonb_array_length(q.reviews) >= 2),
  count(*) filter (
    where q.reviews @> jsonb_build_array(jsonb_build_object('by', cast(:me as text))))
from latest l join read.quality q using (sample)
group by l.sample, l.drawn_at, l.drawn_by, l.method, l.reviewers
order by l.drawn_at desc, l.sample
""")


def latest(conn: sa.Connection, *, me: str) -> list[Listed]:
    """The samples drawn last, the latest first."""
    rows = conn.execute(_LATEST, {"most": MOST_LISTED, "me": me})
    return [
        Listed(sample, at, by, method, tuple(reviewers), cases, reviewed, mine)
        for sample, at, by, method, reviewers, cases, reviewed, mine in rows
    ]
