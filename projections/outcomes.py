"""What became of complaints by what was done about them and how fast, and by whose hands?

Counts of closed complaints, grouped in the database: a small table, whatever their number.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa

from projections.fairness_measures import MEASURES
from recovery.fairness.funnel import UnitCell

DONE = ("money", "in_kind", "explained", "nothing")
"""What was done: money was given; something else was; it was explained; none of these."""
SPEEDS = ("day", "days", "week", "longer")
"""Closed within a day, three days, a week, or later."""
UNITS = ("agent", "team")
COMPARED = (
    "contested", "first_contact", "reopened", "explanation_complete", "warned_words",
    "promises_kept", "would_return",
)  # fmt: skip
"""Measures by which agents and teams are set against their cases."""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """Complaints received in this period, as they stood then."""

    since: date | None = None
    until: date | None = None
    """The last day, itself included."""
    zone: str = "UTC"
    as_of: datetime
    unit: str = "agent"
    of: str = "contested"


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """Closed complaints of one kind, and what their complainants made of it."""

    closed: int = 0
    contest_known: int = 0
    contested: int = 0
    surveyed: int = 0
    content: int = 0
    """Who said 4 or 5 of 5."""
    asked_back: int = 0
    """Who said whether they would come back."""
    returning: int = 0

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(**{
            name: getattr(self, name) + getattr(other, name) for name in self.__struct_fields__
        })  # fmt: skip


class Kind(msgspec.Struct, frozen=True):
    """What was done, how fast, and whether one contact was enough; None where not known."""

    done: str
    speed: str
    first: bool | None


_SCOPE = """
  from read.fairness f
  where f.ended = 'closed' and f.ended_at <= :as_of
    and (cast(:since as timestamptz) is null or f.received_at >= :since)
    and (cast(:until as timestamptz) is null or f.received_at < :until)"""
_BY_THEN = "coalesce(f.{0}_at <= :as_of, true)"


def _so(name: str) -> str:
    return f"(f.{name} and {_BY_THEN.format(name)})"


_ANSWERED = "f.surveyed_at <= :as_of"
_KINDS = f"""
select done, speed, first, count(*), count(*) filter (where f.contest_known),
  count(*) filter (where f.contest_known and {_so("contested")}),
  count(*) filter (where {_ANSWERED}),
  count(*) filter (where {_ANSWERED} and (f.survey ->> 'experience')::int >= 4),
  count(*) filter (where {_ANSWERED} and f.survey ? 'returning'),
  count(*) filter (where {_ANSWERED} and f.survey ->> 'returning' = 'yes')
from (
  select f.*,
    case when {_so("money")} then 'money' when {_so("relief")} then 'in_kind'
      when {_so("explained")} then 'explained' else 'nothing' end as done,
    case when f.ended_at <= f.received_at + interval '1 day' then 'day'
      when f.ended_at <= f.received_at + interval '3 days' then 'days'
      when f.ended_at <= f.received_at + interval '7 days' then 'week' else 'longer' end as speed,
    case {MEASURES["first_contact"].state} when 1 then true when 0 then false end as first
  {_SCOPE}
) f group by done, speed, first"""  # noqa: S608 (the names are those written above)


def kinds(conn: sa.Connection, question: Question) -> dict[Kind, Outcome]:
    """What became of each kind of closed complaint."""
    return {
        Kind(done, speed, first): Outcome(
            closed=closed, contest_known=known, contested=contested, surveyed=surveyed,
            content=content, asked_back=asked, returning=returning,
        )
        for done, speed, first, closed, known, contested, surveyed, content, asked, returning
        in conn.execute(sa.text(_KINDS), _given(question))
    }  # fmt: skip


_TEAM = """
  left join read.areas a on a.attribute = 'agent' and a.area = f.agent
    and a.version = (select max(version) from read.areas where attribute = 'agent')"""


def cells(conn: sa.Connection, question: Question) -> list[UnitCell]:
    """How often it was so for each agent or team, within like cases."""
    state = MEASURES[question.of].state
    team = question.unit == "team"
    unit = "coalesce(a.told ->> 'team', '')" if team else "f.agent"
    scope = _SCOPE.replace("where", f"{_TEAM}\n  where", 1) if team else _SCOPE
    text = f"""
select unit, stratum, count(*), count(*) filter (where state = 1) from (
  select {unit} as unit, f.category || ' / ' || f.product || ' / ' || f.severity as stratum,
    {state} as state {scope}
) each where unit <> '' and state in (0, 1) group by unit, stratum"""  # noqa: S608
    rows = conn.execute(sa.text(text), _given(question))
    return [UnitCell(*row) for row in rows]


def _given(question: Question) -> dict[str, object]:
    zone = ZoneInfo(question.zone)
    until = question.until and question.until + timedelta(days=1)
    return {
        "as_of": question.as_of,
        "since": question.since and datetime.combine(question.since, time(), zone),
        "until": until and datetime.combine(until, time(), zone),
    }
