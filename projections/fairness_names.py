"""What does a name in a question mean: a dimension, a column of areas, or an attribute?"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from projections.areas import Lookup, lookups
from projections.fairness import table
from projections.fairness_measures import KEPT, MEASURES, SAID
from projections.fairness_statement import AREA, ATTRIBUTE, DIMENSIONS, Source, Table
from recovery.errors import Invalid

PARTS = {"half": 2, "tercile": 3, "quartile": 4, "quintile": 5, "decile": 10}
"""Endings of a name that cut a column of numbers into parts of equal size."""
LOOKED_AT = 500
"""Complaints at each end of the history, for the attributes they have."""
_SAID = re.compile(r"attribute\.([^=]+)=(.+)")


class Known(msgspec.Struct, frozen=True):
    """What can be asked for here."""

    attributes: tuple[str, ...]
    tables: tuple[Lookup, ...]
    clocks: tuple[str, ...]


def known(conn: sa.Connection, *, pinned: Sequence[str] = ()) -> Known:
    """The attributes of the oldest and the latest complaints, the tables, and the clocks.

    Of the tables the latest version, unless some are `pinned` by name and version: "zip@1".
    """
    ends = [
        sa.select(table.c.attributes).order_by(order).limit(LOOKED_AT).subquery().select()
        for order in (table.c.received_at, table.c.received_at.desc())
    ]
    some = sa.union_all(*ends).subquery()
    names = conn.scalars(sa.select(sa.func.jsonb_object_keys(some.c.attributes)).distinct())
    clocks = conn.scalars(sa.text(_CLOCKS))
    return Known(tuple(sorted(names)), tuple(lookups(conn, pinned=pinned)), tuple(clocks))


_CLOCKS = """
with recursive each as (
  (select clock from read.clocks order by clock limit 1)
  union all
  select (select k.clock from read.clocks k where k.clock > e.clock order by k.clock limit 1)
  from each e where e.clock is not null
)
select clock from each where clock is not null"""
"""One clock after the other: to look at every row would take long."""


def source(name: str, of: Known, *, field: str) -> tuple[Source, Lookup | None]:
    """Where the values of a name come from; raises Invalid with what there is."""
    asked = name.strip()
    plain = asked.removeprefix(ATTRIBUTE)
    if asked in DIMENSIONS:
        return Source(name=asked, dimension=asked), None
    if asked.startswith(ATTRIBUTE) and plain:
        return Source(name=asked, attribute=plain), None
    if found := _column(asked.removeprefix(AREA), of.tables, field):
        return found
    if plain in of.attributes:
        return Source(name=asked, attribute=plain), None
    raise Invalid(f"There is no {asked[:40]!r} (there are {', '.join(_names(of))}).", field=field)


def tables_of(lookups: Sequence[Lookup | None], *, field: str) -> Table | None:
    """The one table that a question looks up; raises Invalid for two."""
    found = {each.name: each for each in lookups if each}
    if len(found) > 1:
        raise Invalid(f"Look up one table of areas, not {' and '.join(found)}.", field=field)
    for each in found.values():
        return Table(each.attribute, each.version, each.width)
    return None


def check_measure(name: str, of: Known) -> None:
    """Raises Invalid with what there is."""
    said = _SAID.fullmatch(name)
    if name in MEASURES or (said and said[1].strip()):
        return
    if name.startswith(KEPT) and name.removeprefix(KEPT) in of.clocks:
        return
    there_are = [*MEASURES, *(KEPT + clock for clock in of.clocks), f"{SAID}NAME=VALUE"]
    raise Invalid(
        f"There is no measure {name[:40]!r} (there are {', '.join(there_are)}).", field="measure"
    )


def measured(name: str) -> dict[str, str]:
    """What a measure's name says, for the gaps of the statement."""
    if said := _SAID.fullmatch(name):
        return {"measured": said[1].strip(), "said": said[2].strip()}
    return {"clock": name.removeprefix(KEPT)} if name.startswith(KEPT) else {}


def _column(
    asked: str, tables: Sequence[Lookup], field: str
) -> tuple[Source, Lookup] | None:  # fmt: skip
    """A column of a table of areas, by its name or by words of it where no other has them."""
    stem, _, ending = asked.rpartition("_")
    parts = PARTS.get(ending, 0)
    stem = stem if parts else asked
    found = [
        (table, column) for table in tables for column in table.columns
        if column == stem or (parts and set(stem.split("_")) <= set(column.split("_")))
    ]  # fmt: skip
    exact = [each for each in found if each[1] == stem]
    chosen = exact or found
    if not chosen:
        return None
    if len(chosen) > 1:
        names = ", ".join(f"{AREA}{column}" for _, column in chosen)
        raise Invalid(f"{asked[:40]!r} can mean {names}: write one of them.", field=field)
    table, column = chosen[0]
    if parts and not table.columns[column]:
        raise Invalid(f"The column {column} does not hold numbers.", field=field)
    return Source(name=asked, column=column, parts=parts), table


def _names(of: Known) -> list[str]:
    columns = [
        f"{column}_tercile" if numeric else column
        for each in of.tables for column, numeric in each.columns.items()
    ]  # fmt: skip
    return [*DIMENSIONS, *(ATTRIBUTE + name for name in of.attributes), *columns]
