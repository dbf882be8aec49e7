"""How is an audit run: count in the database, reckon, and put on record?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.metadata import version
from typing import Any

import msgspec
import sqlalchemy as sa

from projections import fairness_counts, fairness_names
from projections.fairness_counts import Counted
from projections.fairness_measures import measure_of
from projections.fairness_statement import DIMENSIONS, Asked
from recovery import auditrun
from recovery.auditrun import Found
from recovery.errors import Invalid
from recovery.fairness import METHOD, amounts, shares, waiting
from recovery.fairness.records import Answer, Question, Remark
from recovery.policy.library import Policies
from recovery.store import Command, Done
from web.runtime import Runtime

_POSITION = sa.text(
    "select min(position) from read.projections where name in ('fairness', 'areas', 'clocks')"
)
_POLICIES = sa.text(
    "select policy, array_agg(distinct policy_version order by policy_version)"
    " from read.fairness where received_at <= :as_of group by policy order by policy"
)


def run(
    desk: Runtime, question: Question, *, by: str, at: datetime, command: Command | None = None
) -> Done:  # fmt: skip
    """Run it and put it on record; raises Invalid for what cannot be asked."""
    if command and (done := desk.store.done(command)):
        return done
    with desk.database.engine.connect() as conn:
        conn = conn.execution_options(isolation_level="REPEATABLE READ")
        rests_on = position(conn)
        asked = fairness_counts.resolve(question, fairness_names.known(conn))
        counted, answer = reckon(conn, question, asked, desk.policies)
        policies = {row[0]: row[1] for row in conn.execute(_POLICIES, {"as_of": question.as_of})}
    found = _found(question, counted, answer, policies, rests_on)
    return auditrun.record(desk.store, found, by=by, at=at, command=command)


def position(conn: sa.Connection) -> int:
    """How much of the log the rows tell."""
    return conn.scalar(_POSITION) or 0


def reckon(
    conn: sa.Connection, question: Question, asked: Asked, policies: Policies
) -> tuple[Counted, Answer]:
    """The answer to a question, from the rows of the schema that it names."""
    measure = measure_of(question.measure)
    if measure.money and not question.currency:
        raise Invalid(
            "Say of which currency: amounts in several are never added.", field="currency"
        )
    counted = fairness_counts.count(conn, question, asked, policies)
    told: dict[str, Any] = {
        "left_out": counted.left_out, "cuts": counted.cuts, "remarks": _remarks(asked),
    }  # fmt: skip
    if counted.kind == "time":
        return counted, waiting.answer(question, counted.values, **told)
    if counted.kind == "number":
        return counted, amounts.answer(question, counted.values, less=measure.less, **told)
    return counted, shares.answer(question, counted.cells, desired=not measure.less, **told)


def as_text(question: Question) -> str:
    return msgspec.json.encode(question, order="sorted").decode()


def _found(
    question: Question, counted: Counted, answer: Answer, policies: Mapping[str, Sequence[str]],
    position: int,
) -> Found:  # fmt: skip
    return Found(
        measure=question.measure, question=as_text(question), as_of=question.as_of,
        log_position=position, areas=counted.areas, policies=policies, code=code(),
        result=msgspec.json.encode(answer).decode(),
    )  # fmt: skip


@cache
def code() -> str:
    """What reckoned: the program, the method and the libraries, with their versions."""
    libraries = ", ".join(f"{name} {version(name)}" for name in ("scipy", "statsmodels"))
    return f"recovery {version('recovery')}, method {METHOD}, {libraries}"


def _remarks(asked: Asked) -> list[Remark]:
    """What has to be known of where the groups come from."""
    if asked.table is None or asked.table.attribute in DIMENSIONS:
        return []  # what is known of agents, such as their team, is not where anybody lives
    return [Remark("areas", {"name": each.name}) for each in asked.sources[:1] if each.column]
