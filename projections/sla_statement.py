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


def statement(by: str, filters: Iterable[str]) -> str:
    """The text; raises Invalid for a name that there is not."""
    wanted = "".join(f" and {_value(name, f'name_{n}')} = :wanted_{n}"
                     for n, name in enumerate(filters))  # fmt: skip
    latest_first = 'key collate "C" desc' if by in PERIODS else "count(*) desc, key"
    return _STATEMENT.format(
        key=_key(by), wanted=wanted, order=latest_first, ages=_AGE_EDGES, dues=_DUE_EDGES,
        none_due=len(DUES) - 1,
    )  # fmt: skip


def _key(by: str) -> str:
    if by in PERIODS:
        return f"to_char(c.received_at at time zone :zone, '{PERIODS[by]}')"
    return _value(by, "attribute", field="by") if by else "''"


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


_STATEMENT = """
with scope as materialized (
  select c.complaint, {key} as key, c.received_at, c.acknowledged, c.acknowledged_at,
    c.explained, c.explained_at, c.ended, c.ended_at,
    c.ended <> '' and (c.ended_at is null or c.ended_at <= :as_of) as is_over
  from read.cycles c
  where c.cycle = 1 and c.received_at <= :as_of
    and (cast(:since as timestamptz) is null or c.received_at >= :since)
    and (cast(:until as timestamptz) is null or c.received_at < :until){wanted}
),
shown as (
  select key, row_number() over (order by {order}) as rank from scope group by key
),
placed as materialized (
  select s.*, case when n.rank <= :most then s.key end as name, n.rank
  from scope s join shown n on n.key = s.key
),
again as (
  select c.complaint, bool_or(c.ended = '' or c.ended_at > :as_of) as is_open
  from placed p join read.cycles c on c.complaint = p.complaint
  where c.cycle > 1 and (c.started_at is null or c.started_at <= :as_of)
  group by c.complaint
),
sized as materialized (
  select p.complaint, p.name, p.rank, p.received_at, a.complaint is not null as reopened,
    not p.is_over or coalesce(a.is_open, false) as is_open
  from placed p left join again a on a.complaint = p.complaint
),
sizes as (
  select grouping(name) = 1 as total, name, count(*) as received,
    count(*) filter (where is_open) as open, count(*) filter (where reopened) as reopened,
    min(rank) as rank
  from sized group by grouping sets ((name), ())
),
run as materialized (
  select p.complaint, p.name, k.clock, k.cycle > 1 as again, k.due,
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
  select grouping(name) = 1 as total, name, clock, again,
    count(*) filter (where outcome = 'met') as met,
    count(*) filter (where outcome in ('breached', 'late')) as breached,
    count(*) filter (where outcome = 'late') as breached_open,
    count(*) filter (where outcome = 'running') as running,
    count(*) filter (where outcome = 'paused') as paused,
    count(*) filter (where outcome = 'cancelled') as cancelled,
    count(*) filter (where outcome = 'not_known') as not_known
  from run group by grouping sets ((name, clock, again), (clock, again))
),
happened as (
  select p.name, p.received_at, s.step, s.at,
    case
      when s.happened and s.at is null then 'not_known'
      when s.at < p.received_at then 'before_received'
      when s.at <= :as_of then 'known'
      when p.is_over then 'ended_without'
      else 'open'
    end as state
  from placed p cross join lateral (values
    ('acknowledged', p.acknowledged, p.acknowledged_at),
    ('explained', p.explained, p.explained_at),
    ('closed', p.ended = 'closed', case when p.ended = 'closed' then p.ended_at end)
  ) s(step, happened, at)
),
timed as (
  select name, step, state, case when state in ('known', 'open') then
    floor(extract(epoch from least(at, :as_of) - received_at))::bigint end as took
  from happened
),
tallied as materialized (
  select grouping(name) = 1 as total, name, step, state, took, count(*) as n
  from timed group by grouping sets ((name, step, state, took), (step, state, took))
),
at_each as (
  select total, name, step, took, sum(n)::float8 as those,
    coalesce(sum(n) filter (where state = 'known'), 0)::float8 as done
  from tallied where took is not null group by total, name, step, took
),
at_risk as (
  select *, sum(those) over (partition by total, name, step order by took desc) as waiting
  from at_each
),
remaining as (
  select *, sum(case when done = waiting then -1e9 else ln((waiting - done) / waiting) end)
    over (partition by total, name, step order by took) as log_share
  from at_risk
),
quantiles as (
  select total, name, step,
    min(took) filter (where log_share <= ln(0.5::float8) + 1e-9) as median,
    min(took) filter (where log_share <= ln(0.1::float8) + 1e-9) as p90,
    min(took) filter (where log_share <= ln(0.05::float8) + 1e-9) as p95
  from remaining where done > 0 group by total, name, step
),
times as (
  select t.total, t.name, t.step,
    coalesce(sum(n) filter (where state = 'known'), 0) as known,
    coalesce(sum(n) filter (where state = 'open'), 0) as open,
    coalesce(sum(n) filter (where state = 'ended_without'), 0) as ended_without,
    coalesce(sum(n) filter (where state = 'not_known'), 0) as not_known,
    coalesce(sum(n) filter (where state = 'before_received'), 0) as before_received,
    min(q.median) as median, min(q.p90) as p90, min(q.p95) as p95
  from tallied t
  left join quantiles q on q.total = t.total and q.step = t.step
    and q.name is not distinct from t.name
  group by t.total, t.name, t.step
),
next_due as (
  select complaint, min(due) as due from run
  where outcome in ('running', 'late') group by complaint
),
ageing as (
  select s.name,
    width_bucket(extract(epoch from :as_of - s.received_at), array{ages}::numeric[]) as age,
    coalesce(width_bucket(extract(epoch from d.due - :as_of), array{dues}::numeric[]), {none_due})
      as due
  from sized s left join next_due d on d.complaint = s.complaint
  where s.is_open
),
buckets as (
  select grouping(name) = 1 as total, name, 'age' as kind, age as bucket, count(*) as complaints
  from ageing group by grouping sets ((name, age), (age))
  union all
  select grouping(name) = 1, name, 'due', due, count(*)
  from ageing group by grouping sets ((name, due), (due))
)
select json_build_object(
  'sizes', (select json_agg(json_build_array(
    json_build_array(total, name), json_build_array(received, open, reopened))
    order by total desc, rank) from sizes),
  'promises', coalesce((select json_agg(json_build_array(
    json_build_array(total, name), row_to_json(p))) from promises p), '[]'),
  'times', coalesce((select json_agg(json_build_array(
    json_build_array(total, name), row_to_json(t))) from times t), '[]'),
  'buckets', coalesce((select json_agg(json_build_array(
    json_build_array(total, name), json_build_array(kind, bucket, complaints)))
    from buckets), '[]'),
  'receipt_not_known', (
    select count(*) from read.cycles c where c.cycle = 1 and c.received_at is null{wanted}),
  'received_later', (
    select count(*) from read.cycles c where c.cycle = 1 and c.received_at > :as_of
      and (cast(:since as timestamptz) is null or c.received_at >= :since)
      and (cast(:until as timestamptz) is null or c.received_at < :until){wanted})
)::text
"""
