"""What can be compared, and how is it known of a complaint, as of an instant?

A measure is SQL over the row of one complaint: whether it is known yet, and the number that is
compared where it is not only yes or no. Times that lie after `:as_of` have not come.
"""

from __future__ import annotations

from typing import NamedTuple

from recovery.fairness.records import Kind


class Measure(NamedTuple):
    """How something is known of a complaint, as of an instant."""

    state: str
    """SQL: 1 or 0 where it is known, 2 while it is open, 3 where it does not apply, null where it
    is not known."""
    value: str = "null::float8"
    """SQL: the number that is compared, where it is not only yes or no."""
    kind: Kind = "share"
    less: bool = False
    """Whether less of it is better for the complainant."""
    money: bool = False
    """Whether it is reckoned in one currency, which the question names."""
    worked: bool = False
    """Whether only working time counts; the working time of each policy by `:as_of` is in
    `:office`, by policy and version."""


def _by_then(at: str) -> str:
    return f"({at} is null or {at} <= :as_of)"


_CLOSED = f"(f.ended = 'closed' and {_by_then('f.ended_at')})"
_GONE = f"(f.ended in ('withdrawn', 'merged') and {_by_then('f.ended_at')})"
"""Withdrawn, or answered under another complaint."""


def _of_closed(done: str, *, known: str = "true", of: str = "true", less: bool = False) -> Measure:
    """Whether something is true of a complaint that was closed."""
    return Measure(
        f"case when {_GONE} then 3 when not {_CLOSED} then 2 when not ({of}) then 3"
        f" when not ({known}) then null when {done} then 1 else 0 end",
        less=less,
    )


def _happened(name: str) -> str:
    return f"(f.{name} and {_by_then(f'f.{name}_at')})"


def _decided(*outcomes: str) -> Measure:
    wanted = ", ".join(f"'{each}'" for each in outcomes)
    return _of_closed(
        f"f.outcome in ({wanted})",
        known="f.outcome in ('upheld', 'partly_upheld', 'not_upheld')"
              f" and {_by_then('f.outcome_at')}",
    )  # fmt: skip


def _count(what: str) -> str:
    """How often it happened; most complaints have none, and need no look into the list."""
    return (
        f"(case when f.happened ? '{what}' then"  # noqa: S608
        f" (select count(*) from jsonb_array_elements_text(f.happened -> '{what}') t"
        f" where {_by_then('t.value::timestamptz')}) else 0 end)"
    )


# ---------------------------------------------------------------- how long


def _waited(done: str, at: str) -> str:
    return (
        f"case when {done} and {at} is null then null when {done} and {at} < f.received_at"
        f" then null when {done} and {at} <= :as_of then 1"
        f" when {_CLOSED} or {_GONE} then 3 else 0 end"
    )


def _time_to(done: str, at: str) -> Measure:
    """The time from the receipt; open complaints count with the time they have waited."""
    return Measure(
        _waited(done, at),
        f"floor(date_part('epoch', case when {done} and {at} <= :as_of then {at}"
        " else :as_of end - f.received_at))",
        kind="time", less=True,
    )  # fmt: skip


def _working_time_to(done: str, step: str) -> Measure:
    """The same in the working time of the policy; not known where it has no calendar."""
    at = f"f.{step}_at"
    return Measure(
        f"case when f.worked_received is null then null else {_waited(done, at)} end",
        f"(case when {done} and {at} <= :as_of then f.worked_{step}"
        " else (cast(:office as jsonb) ->> (f.policy || '@' || f.policy_version))::bigint end"
        " - f.worked_received)::float8",
        kind="time", less=True, worked=True,
    )  # fmt: skip


# ---------------------------------------------------------------- how much, how many


def _of_those_closed(state: str, value: str, *, less: bool = False, money: bool = False) -> Measure:
    return Measure(
        f"case when {_GONE} then 3 when not {_CLOSED} then 2 {state} end", value,
        kind="number", less=less, money=money,
    )  # fmt: skip


def _count_of(what: str) -> Measure:
    """How often something happened until a complaint was closed."""
    return _of_those_closed("else 1", _count(what), less=True)


def _sum_of(column: str, place: int) -> str:
    """What a list of money comes to; null where one of it is in another currency."""
    last = "g.value ->> (jsonb_array_length(g.value) - 1)"
    return f"""(select case when count(distinct {last}) = 1 and min({last}) = :currency
    then sum((g.value ->> {place})::numeric) end
  from jsonb_array_elements(f.{column}) g
  where g.value ->> 0 is null or (g.value ->> 0)::timestamptz <= :as_of)"""  # noqa: S608


_GRANTED = _sum_of("grants", 1)
_OWED, _PAID = _sum_of("owed", 2), _sum_of("owed", 3)


def _any(column: str) -> str:
    return (
        f"exists (select from jsonb_array_elements(f.{column}) g"
        f" where {_by_then('(g.value ->> 0)::timestamptz')})"
    )


_LOST = """(select case when g.value ->> 2 in ('', :currency) then (g.value ->> 1)::numeric end
  from jsonb_array_elements(f.losses) with ordinality g (value, n)
  where g.value ->> 0 is null or (g.value ->> 0)::timestamptz <= :as_of
  order by g.n desc limit 1)"""
_GIVEN = f"(case when {_happened('money')} then {_GRANTED} else 0 end)"
"""Nothing was given is nothing; something in another currency is not known."""


def _surveyed(item: str) -> str:
    return f"(f.surveyed_at <= :as_of and f.survey ? '{item}')"


def _mark(item: str, value: str = "") -> Measure:
    """A mark that the complainant gave, of those who gave one."""
    return _of_those_closed(
        f"when {_surveyed(item)} then 1 else 3", value or f"(f.survey ->> '{item}')::float8"
    )


_PROMISES = f"""(select case
    when count(*) = 0 then 3
    when bool_or(k.met = false and k.stopped_at <= :as_of
                 or k.due < :as_of and (k.stopped_at is null or k.stopped_at > :as_of)) then 0
    when not ({_CLOSED} or {_GONE}) then 2
    else 1 end
  from read.clocks k where k.complaint = f.complaint and k.due is not null
    and k.started_at <= :as_of and k.state <> 'cancelled')"""  # noqa: S608
_FIRST_TIME = (
    f"not {_happened('reopened')} and {_count('contact')} = 0 and {_count('transfer')} = 0"
)
_EXPLAINED = _happened("explained")

MEASURES: dict[str, Measure] = {
    # what they got
    "any_relief": _of_closed(_happened("relief")),
    "money_relief": _of_closed(_happened("money")),
    "upheld": _decided("upheld", "partly_upheld"),
    "amount": _of_those_closed(
        f"when not {_happened('money')} then 3 when {_GRANTED} is null then null else 1",
        _GRANTED, money=True,
    ),
    "amount_against_loss": _of_those_closed(
        f"when not {_any('losses')} then 3 when {_LOST} is null or {_GIVEN} is null"
        " then null else 1", f"({_GIVEN} / nullif({_LOST}, 0))::float8", money=True,
    ),
    "amount_against_policy": _of_those_closed(
        f"when not {_any('owed')} then 3 when {_OWED} is null then null when {_OWED} <= 0 then 3"
        " else 1", f"({_PAID} / nullif({_OWED}, 0))::float8", money=True,
    ),
    "contested": _of_closed(_happened("contested"), known="f.contest_known", less=True),
    "accepted": _of_closed(_happened("accepted"), known="f.source = ''"),
    "reopened": _of_closed(_happened("reopened"), less=True),
    "wish_met": _of_closed("f.survey ->> 'fulfilled' = 'yes'", of=_surveyed("fulfilled")),
    "wishes_met": _of_closed(
        "not f.wishes @? '$.* ? (@ == false)'",
        of=f"f.wishes <> '{{}}' and {_by_then('f.wishes_at')}",
    ),
    "compensation_wish_met": _of_closed(
        _happened("relief"), of="f.desired ? 'compensation'"
    ),
    # how it went
    "time_to_acknowledge": _time_to("f.acknowledged", "f.acknowledged_at"),
    "time_to_explain": _time_to("f.explained", "f.explained_at"),
    "time_to_close": _time_to("f.ended = 'closed'", "f.ended_at"),
    "working_time_to_acknowledge": _working_time_to("f.acknowledged", "acknowledged"),
    "working_time_to_explain": _working_time_to("f.explained", "explained"),
    "working_time_to_close": _working_time_to("f.ended = 'closed'", "ended"),
    "promises_kept": Measure(_PROMISES),
    "first_contact": _of_closed(_FIRST_TIME, known="f.source = ''"),
    "escalated": _of_closed(_happened("escalated"), less=True),
    "contacts": _count_of("contact"),
    "transfers": _count_of("transfer"),
    "extensions": _count_of("extension"),
    "requests": _count_of("request"),
    # how they were treated
    "explained": _of_closed(_EXPLAINED),
    "explanation_complete": _of_closed(
        "f.explanation_parts = 4", known="f.explanation_parts is not null", of=_EXPLAINED
    ),
    "explanation_parts": _of_those_closed(
        f"when not {_EXPLAINED} then 3 when f.explanation_parts is null then null else 1",
        "f.explanation_parts::float8",
    ),
    "warned_words": _of_closed(
        f"{_count('warning')} > 0", of=f"{_count('letter')} > 0", less=True
    ),
    "warnings": _of_those_closed(
        f"when {_count('letter')} = 0 then 3 else 1", _count("warning"), less=True
    ),
    "survey_answered": _of_closed(
        "coalesce(f.surveyed_at <= :as_of, false)", known="f.source = ''"
    ),
    "survey_experience": _mark("experience"),
    "survey_against_expectation": _mark(
        "expected", "(f.survey ->> 'experience')::float8 / (f.survey ->> 'expected')::float8"
    ),
    "survey_process": _mark("process"),
    "survey_treatment": _mark("treatment"),
    "would_return": _of_closed("f.survey ->> 'returning' = 'yes'", of=_surveyed("returning")),
}  # fmt: skip
KEPT = "promise_kept."
"""A measure for each clock: the promise of the first cycle was kept."""
SAID = "attribute."
"""A measure for each value of an attribute: `attribute.timely=Yes`."""
_KEPT = Measure("""(select case when k.stopped_at <= :as_of and k.met then 1
    when k.stopped_at <= :as_of and not k.met then 0 when k.due < :as_of then 0
    when k.state in ('running', 'paused') or k.stopped_at > :as_of then 2
    when k.state = 'not_known' then null else 3 end
  from read.clocks k where k.complaint = f.complaint and k.clock = :clock and k.cycle = 1
  union all select 3 limit 1)""")
_SAID = Measure("""case when f.attributes ->> :measured is null then null
  when f.attributes ->> :measured = :said then 1 else 0 end""")


def measure_of(name: str) -> Measure:
    """How it is known; raises KeyError."""
    if name.startswith(KEPT):
        return _KEPT
    return _SAID if name.startswith(SAID) else MEASURES[name]
