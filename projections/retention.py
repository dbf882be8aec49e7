"""Whom would the rules of retention have forgotten by now, and by which rule?

Somebody is due when every complaint of theirs has ended, a rule fits each, and the time of each is
over; no money is on its way to them. A complaint that is answered under another one ends with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from recovery.events import Keeping


class DuePerson(msgspec.Struct, frozen=True):
    """Somebody whose time is over."""

    complainant: str
    complaints: tuple[str, ...]
    rules: tuple[str, ...]
    since: datetime
    """When the last of their complaints reached its end."""


_DUE = """
with rule as (
  select place, name, categories, outcomes, keep::interval as keep
  from jsonb_to_recordset(cast(:rules as jsonb))
    as r (place int, name text, categories jsonb, outcomes jsonb, keep text)
), held as (
  select q.reference, q.complainant, q.category, coalesce(t.outcome, q.outcome) as outcome,
    coalesce(t.open, q.open) as open,
    case when t.ties ->> 'into' is null
      then coalesce(t.closed_at, t.recorded_at, q.closed_at, q.recorded_at) end as ended
  from read.queue q left join read.queue t on t.reference = q.ties ->> 'into'
), ends as (
  select h.complainant, h.reference, h.open, r.name, h.ended + r.keep as until
  from held h left join lateral (
    select name, keep from rule
    where (jsonb_array_length(categories) = 0 or jsonb_exists(categories, h.category))
      and (jsonb_array_length(outcomes) = 0 or jsonb_exists(outcomes, h.outcome))
    order by place limit 1
  ) r on true
), over as (
  select complainant, array_agg(reference order by reference) as complaints,
    array_agg(distinct name order by name) as rules, max(until) as since
  from ends group by complainant
  having bool_and(not open and until is not null and until <= :now)
)
select o.complainant, o.complaints, o.rules, o.since from over o
where exists (select from desk.vault_keys k where k.owner = o.complainant)
  and not exists (
    select from read.payouts p where p.complaint = any(o.complaints)
      and p.stage in ('accruing', 'owed', 'approved', 'instructed'))
"""
_PAGE = sa.text(f"{_DUE} order by o.since, o.complainant limit :limit")
_COUNT = sa.text(
    f"select x, count(*) from ({_DUE}) d, unnest(d.rules) x group by x"  # noqa: S608
    f" union all select '', count(*) from ({_DUE}) d"
)


def due(
    conn: sa.Connection, rules: Sequence[Keeping], *, now: datetime, limit: int
) -> list[DuePerson]:
    """Who is due, longest first."""
    rows = conn.execute(_PAGE, {"rules": _given(rules), "now": now, "limit": limit})
    return [DuePerson(row[0], tuple(row[1]), tuple(row[2]), row[3]) for row in rows]


def counts(conn: sa.Connection, rules: Sequence[Keeping], *, now: datetime) -> dict[str, int]:
    """How many people are due by each rule, and under "" how many in all."""
    found = conn.execute(_COUNT, {"rules": _given(rules), "now": now})
    return {row[0]: row[1] for row in found}


def _given(rules: Sequence[Keeping]) -> str:
    return msgspec.json.encode([
        {"place": place, "name": rule.name, "categories": rule.categories,
         "outcomes": rule.outcomes, "keep": f"{rule.count} {rule.unit}"}
        for place, rule in enumerate(rules)
    ]).decode()  # fmt: skip
