"""How many complaints of each group and stratum are in each state, as an audit counts them?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace

from projections import fairness_names as names
from projections import fairness_statement as statements
from projections.fairness_measures import measure_of
from projections.fairness_names import Known
from projections.fairness_statement import Asked, Source
from recovery.errors import Invalid
from recovery.fairness.numbers import tidy
from recovery.fairness.records import Cell, Cut, Kind, LeftOut, Question, Values
from recovery.policy.library import Policies
from recovery.policy.working import worked_by

YES, NO, OPEN, DOES_NOT_APPLY = 1, 0, 2, 3
PLACES = {2: ("low", "high"), 3: ("low", "middle", "high")}
"""Names of the parts that numbers are cut into; of more parts they are numbered."""
MOST_VALUES = 2_000
"""Values of a group or of a stratum, beyond which nothing can be compared."""
BETWEEN = " / "
"""What stands between the parts of a stratum's name."""


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """What the database found."""

    kind: Kind
    cells: tuple[Cell, ...] = ()
    values: tuple[Values, ...] = ()
    left_out: LeftOut
    cuts: tuple[Cut, ...] = ()
    areas: tuple[str, ...] = ()
    """The table that was looked up, with its version."""


def resolve(question: Question, known: Known, schema: str = "read") -> Asked:
    """The statement's parts; raises Invalid for a name that there is not."""
    names.check_measure(question.measure, known)
    found = [
        names.source(name, known, field=field)
        for name, field in ((question.group, "group"), *((s, "stratify") for s in question.strata))
    ]
    filters = [names.source(name, known, field=name[:40]) for name in question.filters]
    if any(each.parts for each, _ in filters):
        raise Invalid("Only a whole column can be a filter, not a part of it.", field="filters")
    if len(set(question.strata)) != len(question.strata) or question.group in question.strata:
        raise Invalid("Compare groups within strata of something else.", field="stratify")
    return Asked(
        measure=question.measure, sources=tuple(source for source, _ in found),
        filters=tuple(source for source, _ in filters),
        table=names.tables_of([table for _, table in (*found, *filters)], field="group"),
        schema=schema,
    )  # fmt: skip


def count(
    conn: sa.Connection, question: Question, asked: Asked, policies: Policies
) -> Counted:  # fmt: skip
    """The grouped table of the question; raises Invalid where there are too many values."""
    kind = measure_of(question.measure).kind
    given = _given(question, asked) | _office(conn, question, asked, policies)
    table = asked.table
    cut = _cut(conn, asked, given)
    given |= {f"cuts_{n}": at for n, at in cut.items()}
    counted = Counted(
        kind=kind, left_out=LeftOut(),
        cuts=tuple(Cut(asked.sources[n].name, tuple(at)) for n, at in cut.items()),
        areas=(f"{table.attribute}@{table.version}",) if table else (),
    )  # fmt: skip
    if kind == "share":
        return _shares(conn, asked, given, counted)
    return _values(conn, asked, given, counted)


def listed(
    conn: sa.Connection, question: Question, asked: Asked, *, group: str, stratum: str, most: int
) -> list[tuple[str, int, float | None]]:
    """The complaints behind a figure: reference, state and value."""
    wanted = [group, *(stratum.split(BETWEEN) if question.strata else ())]
    keys = {
        f"place_{n}": _key(each, source)
        for n, (each, source) in enumerate(zip(wanted, asked.sources, strict=True))
    }
    text = sa.text(statements.listed(asked))
    given = _given(question, asked) | keys | {"most": most, "office": "{}"}
    given |= {f"cuts_{n}": at for n, at in _cut(conn, asked, given).items()}
    return [tuple(row) for row in conn.execute(text, given)]


def _shares(
    conn: sa.Connection, asked: Asked, given: dict[str, object], counted: Counted
) -> Counted:
    cells: dict[tuple[str, str], tuple[int, int]] = {}
    left_out = LeftOut()
    for *keys, state, n in conn.execute(sa.text(statements.counted(asked)), given):
        if outside := _outside(keys, state):
            left_out = _more(left_out, outside, n)
            continue
        place = _place(keys, asked.sources)
        before, yes = cells.get(place, (0, 0))
        cells[place] = (before + n, yes + (n if state == YES else 0))
    found = tuple(Cell(*place, *cells[place]) for place in sorted(cells, key=_order(asked)))
    _check_values([(cell.group, cell.stratum) for cell in found])
    return replace(counted, cells=found, left_out=left_out)


def _values(
    conn: sa.Connection, asked: Asked, given: dict[str, object], counted: Counted
) -> Counted:
    found: list[Values] = []
    left_out = LeftOut()
    for *keys, state, n, sent in conn.execute(sa.text(statements.measured(asked)), given):
        if outside := _outside(keys, state):
            left_out = _more(left_out, outside, n)
            continue
        place = _place(keys, asked.sources)
        found.append(Values(*place, state == YES, *_distinct(sent)))
    order = _order(asked)
    found.sort(key=lambda each: (order((each.group, each.stratum)), each.happened))
    _check_values([(each.group, each.stratum) for each in found])
    return replace(counted, values=tuple(found), left_out=left_out)


def _distinct(sent: bytes) -> tuple[Any, Any]:
    """Each value that was sent, from the least up, and how often it was."""
    import numpy as np

    return np.unique(np.frombuffer(sent, ">f8").astype(float), return_counts=True)


def _outside(keys: Sequence[str | None], state: int | None) -> str:
    """Why complaints are not compared; empty for those that are."""
    if state == OPEN:
        return "open"
    if state == DOES_NOT_APPLY:
        return "does_not_apply"
    if state is None:
        return "not_known"
    if keys[0] is None:
        return "no_group"
    return "no_stratum" if None in keys else ""


def _more(left_out: LeftOut, why: str, n: int) -> LeftOut:
    return replace(left_out, **{why: getattr(left_out, why) + n})


def _check_values(places: Sequence[tuple[str, str]]) -> None:
    for field, k in (("group", 0), ("stratify", 1)):
        several = len({place[k] for place in places})
        if several > MOST_VALUES:
            raise Invalid(
                f"This has {several:,} values, too many to compare. Choose something coarser, or"
                " only some by a filter.", field=field,
            )  # fmt: skip


def _place(keys: Sequence[str], sources: Sequence[Source]) -> tuple[str, str]:
    group, *strata = (_name(key, source) for key, source in zip(keys, sources, strict=True))
    return group, BETWEEN.join(strata)


def _name(key: str, source: Source) -> str:
    """A part of numbers by its name: "low"; anything else as it is."""
    if not source.parts:
        return key
    names = PLACES.get(source.parts)
    return names[int(key) - 1] if names else f"{key} of {source.parts}"


def _key(name: str, source: Source) -> str:
    if not source.parts:
        return name
    names = PLACES.get(source.parts, ())
    return str(names.index(name) + 1) if name in names else name.partition(" ")[0]


def _order(asked: Asked) -> Any:
    """Parts of numbers from the lowest up; everything else by name."""
    parts = asked.sources[0].parts

    def order(place: tuple[str, str]) -> tuple[int, str, str]:
        group, stratum = place
        return (int(_key(group, asked.sources[0])) if parts else 0, group, stratum)

    return order


def _cut(conn: sa.Connection, asked: Asked, given: dict[str, object]) -> dict[int, list[float]]:
    """By the number of the source: where it is cut into parts of equal size, of the complaints that
    are compared; nothing where nobody is.
    """
    cut = [n for n, source in enumerate(asked.sources) if source.parts]
    return {n: _places(conn, asked, n, given) for n in cut}


def _places(
    conn: sa.Connection, asked: Asked, n: int, given: dict[str, object]
) -> list[float]:  # fmt: skip
    import numpy as np

    rows = conn.execute(sa.text(statements.spread(asked, n)), given).all()
    values = np.repeat([value for value, _ in rows], [times for _, times in rows])
    parts = asked.sources[n].parts
    if not len(values):
        return []
    return [tidy(each) for each in np.quantile(values, [k / parts for k in range(1, parts)])]


def _given(question: Question, asked: Asked) -> dict[str, object]:
    """The values for the gaps in the statement."""
    zone = ZoneInfo(question.zone)
    until = question.until and _midnight(question.until + timedelta(days=1), zone)
    return {
        "as_of": question.as_of, "zone": question.zone, "currency": question.currency,
        "since": question.since and _midnight(question.since, zone), "until": until,
        **{f"wanted_{n}": value for n, value in enumerate(question.filters.values())},
        **names.measured(question.measure), **statements.gaps(asked),
    }  # fmt: skip


def _office(
    conn: sa.Connection, question: Question, asked: Asked, policies: Policies
) -> dict[str, object]:
    """By policy and version: the working time by then, for those that still wait."""
    if not measure_of(question.measure).worked:
        return {}
    found = {}
    for policy, version in conn.execute(sa.text(statements.policies(asked))):
        by_then = worked_by(policies.version(policy, version), question.as_of)
        found[f"{policy}@{version}"] = by_then
    return {"office": msgspec.json.encode(found).decode()}


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
