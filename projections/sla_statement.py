"""What is the database asked for the SLA report?

One statement, grown by the clauses that the question needs. Whatever comes from outside is a
value for a gap; the names that stand in the text are those of DIMENSIONS and PERIODS.
"""

from __future__ import annotations

from collections.abc import Iterable

from recovery.errors import Invalid

DIMENSIONS = ("agent", "channel", "tier", "category", "product", "severity", "policy")
PERIODS = {
    "day": "YYYY-MM-DD", "week": 'IYYY-"W"IW', "month": "YYYY-MM", "quarter": 'YYYY-"Q"Q',
    "year": "YYYY",
}  # fmt: skip
"""How PostgreSQL writes each so that it sorts."""
ATTRIBUTE = "attribute."
STEPS = ("acknowledged", "explained", "closed")
_DAY = 86_400
AGES = (
    "under_1_day", "1_to_3_days", "3_to_7_days", "1_to_2_weeks", "2_to_4_weeks", "4_to_8_weeks",
    "over_8_weeks",
)  # fmt: skip
_AGE_EDGES = [n * _DAY for n in (1, 3, 7, 14, 28, 56)]
DUES = (
    "late_over_1_week", "late_1_to_7_days", "late_under_1_day", "due_within_1_day",
    "due_in_1_to_3_days", "due_in_3_to_7_days", "due_after_1_week", "nothing_due",
)  # fmt: skip
_DUE_EDGES = [n * _DAY for n in (-7, -1, 0, 1, 3, 7)]
ALL = 0
"""The place of everything; the groups have the places from 1 on, and the others the last."""


def statement(by: str, filters: Iterable[str]) -> str:
    """The text; raises Invalid for a name that there is not."""
    wanted = "".join(f" and {_value(name, f'name_{n}')} = :wanted_{n}"
                     for n, name in enumerate(filters))  # fmt: skip
    parts = _DIVIDED if by else _WHOLE
    latest_first = 'key collate "C" desc' if by in PERIODS else "count(*) desc, key"
    text = _STATEMENT.format(ages=_AGE_EDGES, dues=_DUE_EDGES, none_due=len(DUES) - 1, **parts)
    return text.replace("<scope>", _SCOPE).replace("<key>", _key(by) if by else "").replace(
        "<order>", latest_first).replace("<wanted>", wanted)  # fmt: skip


def _key(by: str) -> str:
    if by in PERIODS:
        return f"to_char(c.received_at at time zone :zone, '{PERIODS[by]}')"
    return _value(by, "attribute", field="by")


def _value(name: str, gap: str, *, field: str = "") -> str:
    if name in DIMENSIONS:
        return f"c.{name}"
    if name.startswith(ATTRIBUTE):
        return f"coalesce(c.attributes ->> :{gap}, '')"
    there_are = ", ".join(DIMENSIONS if not field else (*PERIODS, *DIMENSIONS))
    raise Invalid(
        f"There is no {name[:40]!r} (there are {there_are} and {ATTRIBUTE}NAME).",
        field=field or name[:40],
    )


_SCOPE = """
  c.complaint, c.received_at, c.acknowledged, c.acknowledged_at, c.explained, c.explained_at,
    c.ended, c.ended_at, c.ended <> '' and (c.ended_at is null or c.ended_at <= :as_of) as is_over
  from read.cycles c
  where c.cycle = 1 and c.received_at <= :as_of
    and (cast(:since as timestamptz) is null or c.received_at >= :since)
    and (cast(:until as timestamptz) is null or c.received_at < :until)<wanted>"""
_WHOLE = {
    "placed": "placed as materialized (select 0 as place, <scope>)",
    "names": "'[]'::json",
    "by": "group by place",
    "by_clock": "group by place, clock, again",
    "by_age": "group by place, age",
    "by_due": "group by place, due",
}
_DIVIDED = {
    "placed": """scope as materialized (select <key> as key, <scope>),
shown as materialized (
  select key, least(row_number() over (order by <order>), :most + 1) as place
  from scope group by key
),
placed as materialized (
  select n.place, s.* from scope s join shown n on n.key = s.key
)""",
    "names": "(select json_agg(json_build_array(place, key)) from shown where place <= :most)",
    "by": "group by rollup (place)",
    "by_clock": "group by grouping sets ((place, clock, again), (clock, again))",
    "by_age": "group by grouping sets ((place, age), (age))",
    "by_due": "group by grouping sets ((place, due), (due))",
}
_STATEMENT = """
with {placed},
again as (
  select c.complaint, bool_or(c.ended = '' or c.ended_at > :as_of) as is_open
  from read.cycles c
  where c.cycle > 1 and (c.started_at is null or c.started_at <= :as_of)
  group by c.complaint
),
sized as materialized (
  select p.complaint, p.place, p.received_at, a.complaint is not null as reopened,
    not p.is_over or coalesce(a.is_open, false) as is_open
  from placed p left join again a on a.complaint = p.complaint
),
sizes as (
  select coalesce(place, 0) as place, count(*) as received,
    count(*) filter (where is_open) as open, count(*) filter (where reopened) as reopened
  from sized {by}
),
run as materialized (
  select p.complaint, p.place, k.clock, k.cycle > 1 as again, k.due,
    case
      when k.state = 'not_known' then 'not_known'
      when k.state in ('stopped', 'cancelled') and (k.stopped_at is null or k.stopped_at <= :as_of)
        then case k.met when true then 'met' when false then 'breached' else 'cancelled' end
      when k.due < :as_of then 'late'
      when k.state = 'paused' then 'paused'
      else 'running'
    end as outcome
  from placed p join read.clocks k on k.complaint = p.complaint
  where k.cycle > 0 and (k.started_at is null or k.started_at <= :as_of)
),
promises as (
  select coalesce(place, 0) as place, clock, again,
    count(*) filter (where outcome = 'met') as met,
    count(*) filter (where outcome in ('breached', 'late')) as breached,
    count(*) filter (where outcome = 'late') as breached_open,
    count(*) filter (where outcome = 'running') as running,
    count(*) filter (where outcome = 'paused') as paused,
    count(*) filter (where outcome = 'cancelled') as cancelled,
    count(*) filter (where outcome = 'not_known') as not_known
  from run {by_clock}
),
happened as (
  select place, is_over, received_at, 1 as step, acknowledged as done, acknowledged_at as at
  from placed
  union all select place, is_over, received_at, 2, explained, explained_at from placed
  union all select place, is_over, received_at, 3, ended = 'closed',
    case when ended = 'closed' then ended_at end from placed
),
steps as (
  select place, step,
    case
      when done and at is null then 3
      when at < received_at then 4
      when at <= :as_of then 0
      when is_over then 2
      else 1
    end as state,
    floor(date_part('epoch', least(at, :as_of) - received_at))::bigint as took
  from happened
),
times as (
  select place, step, count(*) filter (where state = 0) as known,
    count(*) filter (where state = 1) as open, count(*) filter (where state = 2) as ended_without,
    count(*) filter (where state = 3) as not_known,
    count(*) filter (where state = 4) as before_received,
    string_agg(int8send(took), ''::bytea) filter (where state = 0) as took,
    string_agg(int8send(took), ''::bytea) filter (where state = 1) as waited
  from steps group by place, step
),
next_due as (
  select complaint, min(due) as due from run
  where outcome in ('running', 'late') group by complaint
),
ageing as materialized (
  select s.place,
    width_bucket(extract(epoch from :as_of - s.received_at), array{ages}::numeric[]) as age,
    coalesce(width_bucket(extract(epoch from d.due - :as_of), array{dues}::numeric[]), {none_due})
      as due
  from sized s left join next_due d on d.complaint = s.complaint
  where s.is_open
),
buckets as (
  select coalesce(place, 0) as place, 'age' as kind, age as bucket, count(*) as complaints
  from ageing {by_age}
  union all
  select coalesce(place, 0), 'due', due, count(*) from ageing {by_due}
)
select null::bigint as place, json_build_object(
  'names', {names},
  'sizes', (select json_agg(json_build_array(place, received, open, reopened) order by place)
    from sizes),
  'promises', (select json_agg(json_build_array(place, row_to_json(p))) from promises p),
  'buckets', (select json_agg(json_build_array(place, kind, bucket, complaints)) from buckets),
  'receipt_not_known', (
    select count(*) from read.cycles c where c.cycle = 1 and c.received_at is null<wanted>),
  'received_later', (
    select count(*) from read.cycles c where c.cycle = 1 and c.received_at > :as_of
      and (cast(:since as timestamptz) is null or c.received_at >= :since)
      and (cast(:until as timestamptz) is null or c.received_at < :until)<wanted>)
)::text as found, null::bytea as took, null::bytea as waited
union all
select place, json_build_object(
    'step', (array['acknowledged', 'explained', 'closed'])[step], 'known', known, 'open', open,
    'ended_without', ended_without, 'not_known', not_known, 'before_received', before_received
  )::text, took, waited
from times
"""
