"""What is the database asked for an audit?

One statement that groups the complaints, whatever their number, so that what is reckoned with
afterwards is a small table. Whatever comes from outside is a value for a gap; the names that stand
in the text are those written here.
"""

from __future__ import annotations

import msgspec

from projections.fairness_measures import measure_of
from recovery.areas import SHORTEST_PADDED

DIMENSIONS = (
    "channel", "language", "tier", "category", "product", "severity", "policy", "agent", "source",
    "month",
)  # fmt: skip
MATERIALIZED = "materialized "
ATTRIBUTE, AREA = "attribute.", "area."


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Where the value of a group or a stratum comes from."""

    name: str
    """As it was asked: "product", "income_tercile"."""
    dimension: str = ""
    attribute: str = ""
    column: str = ""
    """Of the table of areas."""
    parts: int = 0
    """Of equal size, into which a column of numbers is cut: 3 for terciles."""


class Table(msgspec.Struct, frozen=True):
    """Which version of a table of areas is looked up, and how its codes are padded."""

    attribute: str
    version: int
    width: int


def _value(source: Source, gap: str) -> str:
    """SQL for what a source says of a complaint; null where it says nothing."""
    if source.column:
        return f"a.{gap}"
    if source.attribute:
        return f"(f.attributes ->> :{gap})"
    if source.dimension == "month":
        return "to_char(f.received_at at time zone :zone, 'YYYY-MM')"
    return f"nullif(f.{source.dimension}, '')"


def _is(source: Source, gap: str, wanted: str) -> str:
    """SQL for a filter; an empty value wants those of which nothing is said."""
    if source.dimension and source.dimension != "month":
        return f"f.{source.dimension} = :{wanted}"
    return f"coalesce({_value(source, gap)}, '') = :{wanted}"


def _areas(asked: Asked) -> str:
    """SQL: of each area what the question needs, looked up once and not for each complaint.

    A code that begins with zeros is found without them too, as spreadsheets leave it. That each is
    there once tells the planner that no complaint is in two areas.
    """
    if asked.table is None:
        return ""
    gaps = [gap for gap, each in _gaps(asked) if each.column]
    told = ", ".join(
        f"{_number(gap) if each.parts else f'told ->> :{gap}'} as {gap}"
        for gap, each in _gaps(asked) if each.column
    )  # fmt: skip
    of_table = (
        f"from {asked.schema}.areas where attribute = :area_attribute and version = :area_version"
    )
    return f"""places as (
  select distinct on (area) area, {", ".join(gaps)} from (
    select area, true as whole, {told} {of_table}
    union all
    select ltrim(area, '0'), false, {told} {of_table} and :width > 0 and area like '0%'
      and length(ltrim(area, '0')) >= {SHORTEST_PADDED}
  ) each order by area, whole desc
), """  # noqa: S608


def _number(gap: str) -> str:
    told = f"(told ->> :{gap})"
    return f"case when {told} ~ '^-?[0-9]+([.][0-9]+)?$' then {told}::float8 end"


def _gaps(asked: Asked) -> list[tuple[str, Source]]:
    """Each source with the name of its gap."""
    return [
        (f"{kind}_{n}", each)
        for kind, sources in (("source", asked.sources), ("filter", asked.filters))
        for n, each in enumerate(sources)
    ]


_PLACE = """
    (f.received_at <= :as_of)
    and (cast(:since as timestamptz) is null or f.received_at >= :since)
    and (cast(:until as timestamptz) is null or f.received_at < :until)"""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the text of the statement depends on."""

    measure: str
    sources: tuple[Source, ...]
    """The group first, then the strata."""
    filters: tuple[Source, ...] = ()
    table: Table | None = None
    schema: str = "read"
    """Where the rows are: the live ones, or those folded anew to repeat an audit."""


def gaps(asked: Asked) -> dict[str, object]:
    """The names that stand in the question, for the gaps of the statement."""
    found: dict[str, object] = {gap: s.column or s.attribute for gap, s in _gaps(asked)}
    if asked.table:
        found |= {
            "area_attribute": asked.table.attribute, "area_version": asked.table.version,
            "width": asked.table.width,
        }  # fmt: skip
    return found


def _keyed(table: Table) -> str:
    """SQL for what names the row of a table: a dimension such as the agent, or an attribute."""
    if table.attribute in DIMENSIONS and table.attribute != "month":
        return f"f.{table.attribute}"
    return "f.attributes ->> :area_attribute"


def _scope(asked: Asked, how: str = "") -> str:
    """SQL: each complaint in question with its state, its value, and what its sources say.

    MATERIALIZED keeps conditions on what is derived from misleading the planner about its size.
    `apart` is asked for nothing: with it the planner works out the state once for each complaint,
    and does not take its parts for as many groups as there are complaints, so that several
    processes group them.
    """
    measure = measure_of(asked.measure)
    values = "".join(
        f",\n    {_value(each, f'source_{n}')} as raw_{n}" for n, each in enumerate(asked.sources)
    )
    wanted = "".join(
        f"\n    and {_is(each, f'filter_{n}', f'wanted_{n}')}"
        for n, each in enumerate(asked.filters)
    )
    join = f"\n  left join places a on a.area = {_keyed(asked.table)}" if asked.table else ""
    state, value = (
        each.replace("read.", f"{asked.schema}.") for each in (measure.state, measure.value)
    )
    return f"""with {_areas(asked)}scope as {how}(
  with apart as (select)
  select f.complaint, {state} as state, {value} as value{values}
  from {asked.schema}.fairness f{join}
  where {_PLACE}{wanted}
)"""  # noqa: S608 (the names are those written above)


def counted(asked: Asked) -> str:
    """The statement for shares: how many complaints are in each state, by group and strata."""
    names = _names(asked)
    return f"{_placed(asked)}\nselect {names}, state, count(*) from placed group by {names}, state"


def measured(asked: Asked) -> str:
    """The statement for times and amounts: the values of each group as bytes, in no order."""
    names = _names(asked)
    return f"""{_placed(asked)}
select {names}, state, count(*),
  string_agg(float8send(value::float8), ''::bytea) filter (where state in (0, 1))
from placed group by {names}, state"""  # noqa: S608


def listed(asked: Asked) -> str:
    """The statement for the complaints of one group in one stratum."""
    wanted = " and ".join(f"key_{n} = :place_{n}" for n in range(len(asked.sources)))
    return f"""{_placed(asked, MATERIALIZED)}
select complaint, state, value from placed where state in (0, 1) and {wanted}
order by complaint limit :most"""  # noqa: S608


def spread(asked: Asked, n: int) -> str:
    """The statement for how often each number of a source occurs, of the complaints compared."""
    return f"""{_scope(asked)}
select raw_{n}, count(*) filter (where state in (0, 1) and raw_0 is not null) from scope
where raw_{n} is not null group by raw_{n} order by raw_{n}"""  # noqa: S608


def policies(asked: Asked) -> str:
    """The statement for the policies and versions that complaints are bound to."""
    return f"select distinct policy, policy_version from {asked.schema}.fairness"  # noqa: S608


def _names(asked: Asked) -> str:
    return ", ".join(f"key_{n}" for n in range(len(asked.sources)))


def _placed(asked: Asked, how: str = "") -> str:
    """SQL: each complaint with the key of its group and of each stratum."""
    keys = ", ".join(
        f"{_part(n, each.parts) if each.parts else f'raw_{n}'} as key_{n}"
        for n, each in enumerate(asked.sources)
    )
    return f"""{_scope(asked, how)},
placed as (select complaint, state, value, {keys} from scope)"""  # noqa: S608


def _part(n: int, parts: int) -> str:
    """The number of the part that a number is in; one that lies on a cut is in the lower."""
    above = " + ".join(
        f"(raw_{n} > (cast(:cuts_{n} as float8[]))[{k}])::int" for k in range(1, parts)
    )
    return f"(1 + {above})::text"
