"""Which closed complaints does a seed draw for review?

The order is that of a digest of seed and reference, so that the same seed draws the same from the
same complaints, on any machine. Only complaints to which somebody wrote in their own words can be
reviewed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from recovery.events import DrawMethod

STRATA = ("channel", "language", "tier", "category", "product", "severity", "agent")
RISKS = {
    "f.contested and f.contested_at <= :as_of": 3,
    "f.reopened and f.reopened_at <= :as_of": 2,
    "f.escalated and f.escalated_at <= :as_of": 1,
    "jsonb_array_length(coalesce(f.happened -> 'warning', '[]')) > 0": 2,
    "coalesce(f.explanation_parts, 4) < 4": 1,
    "f.surveyed_at <= :as_of and (f.survey ->> 'experience')::int <= 2": 3,
    "f.severity in ('high', 'critical')": 1,
}
"""What makes a case likelier to be drawn, and by how much more than one of which none is true."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which complaints are drawn from, how, and how many."""

    method: DrawMethod
    seed: str
    size: int
    stratum: str = ""
    since: datetime | None = None
    until: datetime | None = None
    """The first instant after the last day."""
    as_of: datetime


class Found(NamedTuple):
    """What was drawn, in the order of the seed, and from how many."""

    complaints: tuple[str, ...]
    population: int


_SCOPE = """
  from read.fairness f
  where f.ended = 'closed' and f.ended_at <= :as_of and f.happened ? 'letter'
    and (cast(:since as timestamptz) is null or f.ended_at >= :since)
    and (cast(:until as timestamptz) is null or f.ended_at < :until)"""
_DIGEST = "md5(:seed || ' ' || f.complaint)"
_CHANCE = f"((('x' || substr({_DIGEST}, 1, 13))::bit(52)::bigint + 0.5) / (1::bigint << 52))"
_WEIGHT = "1 + " + " + ".join(
    f"case when {condition} then {weight} else 0 end" for condition, weight in RISKS.items()
)


def draw(conn: sa.Connection, wanted: Wanted) -> Found:
    """The complaints that the seed draws; fewer than wanted where there are fewer."""
    if wanted.method == "stratified":
        return _stratified(conn, wanted)
    order = _DIGEST
    if wanted.method == "risk":  # P. S. Efraimidis, P. G. Spirakis (2006)
        order = f"-ln({_CHANCE}) / ({_WEIGHT})"
    text = (
        f"select f.complaint, count(*) over () {_SCOPE} order by {order}, f.complaint limit :size"
    )
    rows = conn.execute(sa.text(text), _given(wanted)).all()
    return Found(tuple(row[0] for row in rows), rows[0][1] if rows else 0)


def _stratified(conn: sa.Connection, wanted: Wanted) -> Found:
    """From each stratum its share, by the largest remainders; from each one case at least while
    that is possible."""
    name = wanted.stratum
    assert name in STRATA
    text = f"""select stratum, complaint, several from (
  select f.{name} as stratum, f.complaint, {_DIGEST} as place,
    row_number() over (partition by f.{name} order by {_DIGEST}, f.complaint) as n,
    count(*) over (partition by f.{name}) as several {_SCOPE}) each
where n <= :size order by stratum, n"""  # noqa: S608 (the names are those written above)
    by_stratum: dict[str, list[str]] = {}
    sizes: dict[str, int] = {}
    for stratum, complaint, several in conn.execute(sa.text(text), _given(wanted)):
        by_stratum.setdefault(stratum, []).append(complaint)
        sizes[stratum] = several
    shares = allocated(sizes, wanted.size)
    drawn = [c for stratum, found in by_stratum.items() for c in found[: shares[stratum]]]
    return Found(_mixed(conn, drawn, wanted), sum(sizes.values()))


def _mixed(conn: sa.Connection, drawn: Sequence[str], wanted: Wanted) -> tuple[str, ...]:
    """In the order of the seed, so that the place of a case tells nothing of its stratum."""
    text = "select c from unnest(cast(:drawn as text[])) c order by md5(:seed || ' ' || c), c"
    given = {"drawn": list(drawn), "seed": wanted.seed}
    return tuple(conn.scalars(sa.text(text), given))


def allocated(sizes: dict[str, int], size: int) -> dict[str, int]:
    """How many of each stratum: in proportion, none more than it has."""
    everybody = sum(sizes.values())
    size = min(size, everybody)
    if not size:
        return dict.fromkeys(sizes, 0)
    exact = {name: size * n / everybody for name, n in sizes.items()}
    found = {name: max(math.floor(share), 1) for name, share in exact.items()}
    for name in _by_remainder(exact, more=True):
        if sum(found.values()) < size and found[name] < sizes[name]:
            found[name] += 1
    for name in _by_remainder(exact, more=False) * size:
        if sum(found.values()) > size and found[name] > 0:
            found[name] -= 1
    return found


def _by_remainder(exact: dict[str, float], *, more: bool) -> list[str]:
    def remainder(name: str) -> tuple[float, str]:
        return exact[name] - math.floor(exact[name]), name

    return sorted(exact, key=remainder, reverse=more)


def _given(wanted: Wanted) -> dict[str, object]:
    return {
        "seed": wanted.seed, "size": wanted.size, "as_of": wanted.as_of, "since": wanted.since,
        "until": wanted.until,
    }  # fmt: skip
