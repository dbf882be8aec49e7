"""Which tables tell everything that an audit found? One account for pages, files and terminals."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from recovery.fairness.records import (
    Answer,
    Effect,
    NumberAnswer,
    ShareAnswer,
    TimeAnswer,
)
from web.fairness.quantities import is_worked
from web.i18n import mark

Cell = str | int | float | None


class Table(msgspec.Struct, frozen=True):
    """One table: its name, its caption, the columns' names and words, and the rows."""

    name: str
    caption: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Cell, ...], ...]
    shares: frozenset[str] = frozenset()
    """Columns that are shares, shown in per cent."""
    lengths: frozenset[str] = frozenset()
    """Columns that are seconds."""
    worked: bool = False
    """Whether they are seconds of working time."""


GROUP, STRATUM = ("group", mark("Group")), ("stratum", mark("Stratum"))
INTERVAL = (("from", mark("from")), ("to", mark("to")))
COMPARED = (("group", mark("Group")), ("reference", mark("Compared with")))
DECIDED = (("adjusted_p", mark("p of all comparisons")), ("verdict", mark("Verdict")))
NAMES = frozenset(("stratum", "group", "reference"))
VERDICTS = {
    "difference": mark("a difference"), "no_evidence": mark("no evidence"),
    "too_few": mark("too few"), "hidden": mark("nothing can be said"),
}  # fmt: skip

TESTS = {"chi_square": mark("chi-square"), "fisher": mark("Fisher, exact")}


def tables(answer: Answer) -> tuple[Table, ...]:
    """The groups, the comparisons and what else there is."""
    match answer:
        case ShareAnswer():
            return tuple(_of_shares(answer))
        case TimeAnswer():
            return tuple(_of_times(answer))
        case _:
            return tuple(_of_numbers(answer))


def told(table: Table) -> Table:
    """The table for a reader: without columns in which nothing is said of anybody, and without
    rows where nothing is said of any stratum.
    """
    rows = table.rows
    if table.name in ("strata", "within") and all(_says_nothing(table, row) for row in rows):
        rows = ()
    elif table.name == "within":
        rows = tuple(row for row in rows if not _says_nothing(table, row))
    kept = [k for k in range(len(table.columns)) if any(row[k] is not None for row in rows)]
    return msgspec.structs.replace(
        table, columns=tuple(table.columns[k] for k in kept),
        rows=tuple(tuple(row[k] for k in kept) for row in rows),
    )  # fmt: skip


def _says_nothing(table: Table, row: tuple[Cell, ...]) -> bool:
    """Whether a row has only names."""
    return all(
        cell is None for (name, _), cell in zip(table.columns, row, strict=True)
        if name not in NAMES
    )  # fmt: skip


def _of_shares(answer: ShareAnswer) -> Iterator[Table]:
    shares = frozenset(("share", "from", "to", "standardised", "detectable"))
    yield Table(
        "groups", mark("The groups"),
        (GROUP, ("complaints", mark("Complaints")), ("yes", mark("of them")),
         ("share", mark("Share")), *INTERVAL, ("standardised", mark("with the same mix"))),
        tuple((g.group, g.n, g.yes, g.rate, g.low, g.high, g.standardised)
              for g in answer.groups),
        shares,
    )  # fmt: skip
    yield _comparisons(answer)
    if answer.strata:
        yield Table(
            "strata", mark("Each stratum"),
            (STRATUM, GROUP, ("complaints", mark("Complaints")), ("yes", mark("of them")),
             ("share", mark("Share")), *INTERVAL),
            tuple((s.stratum, s.group, s.n, s.yes, s.rate, s.low, s.high)
                  for s in sorted(answer.strata, key=lambda s: s.stratum)),
            shares,
        )  # fmt: skip
        yield Table(
            "within", mark("Where the difference lies"),
            (STRATUM, *COMPARED, ("odds_ratio", mark("Odds ratio")), *INTERVAL,
             ("surplus", mark("more than if treated alike")), ("p", mark("p")),
             ("adjusted_p", mark("p of all strata"))),
            tuple((s.stratum, c.group, c.reference, *_effect(s.odds_ratio), s.surplus, s.p,
                   s.adjusted_p) for c in answer.comparisons for s in c.strata),
        )  # fmt: skip


def _comparisons(answer: ShareAnswer) -> Table:
    columns = (
        *COMPARED, ("difference", mark("Difference")), ("difference_from", mark("from")),
        ("difference_to", mark("to")), ("ratio", mark("Ratio")), ("ratio_from", mark("from")),
        ("ratio_to", mark("to")), ("four_fifths", mark("Four fifths")), ("test", mark("Test")),
        ("p", mark("p")), ("strata", mark("Strata compared")),
        ("odds_ratio", mark("Odds ratio within strata")), ("odds_ratio_from", mark("from")),
        ("odds_ratio_to", mark("to")), ("cmh", mark("Cochran-Mantel-Haenszel")),
        ("cmh_p", mark("p")), ("cmh_corrected", mark("with correction")),
        ("cmh_corrected_p", mark("p")), ("breslow_day", mark("Breslow-Day")),
        ("breslow_day_p", mark("p")), ("explained", mark("Explained by the mix")),
        ("detectable", mark("Smallest that would be seen")), *DECIDED,
    )  # fmt: skip
    rows = []
    for c in answer.comparisons:
        w = c.stratified
        within: tuple[Cell, ...] = (None,) * 11
        if w:
            within = (
                w.strata, *_effect(w.odds_ratio), w.statistic, w.p, w.statistic_corrected,
                w.p_corrected, w.homogeneity, w.homogeneity_p, w.explained,
            )  # fmt: skip
        passes = {None: None, True: mark("passes"), False: mark("fails")}[c.four_fifths]
        rows.append((
            c.group, c.reference, *_effect(c.difference), *_effect(c.ratio), passes,
            TESTS.get(c.test), c.p, *within, c.detectable, c.adjusted_p, VERDICTS[c.verdict],
        ))  # fmt: skip
    shares = frozenset(
        ("difference", "difference_from", "difference_to", "explained", "detectable")
    )
    return Table("comparisons", mark("The comparisons"), columns, tuple(rows), shares)


def _of_times(answer: TimeAnswer) -> Iterator[Table]:
    worked = is_worked(answer.measure)
    lengths = frozenset(
        ("median", "from", "to", "mean", "mean_from", "mean_to", "ended", "difference")
    )
    yield Table(
        "groups", mark("The groups"),
        (GROUP, ("complaints", mark("Complaints")), ("happened", mark("of them")),
         ("median", mark("Half within")), *INTERVAL, ("mean", mark("Mean up to the limit")),
         ("mean_from", mark("from")), ("mean_to", mark("to")),
         ("ended", mark("Mean of those that ended"))),
        tuple((g.group, g.n, g.happened, g.median, g.median_low, g.median_high,
               *_effect(g.within), g.mean_of_ended) for g in answer.groups),
        lengths=lengths, worked=worked,
    )  # fmt: skip
    yield Table(
        "comparisons", mark("The comparisons"),
        (*COMPARED, ("difference", mark("Difference of the means")), *INTERVAL,
         ("log_rank", mark("Log-rank")), ("p", mark("p")), *DECIDED),
        tuple((c.group, c.reference, *_effect(c.difference), c.statistic, c.p, c.adjusted_p,
               VERDICTS[c.verdict]) for c in answer.comparisons),
        lengths=lengths, worked=worked,
    )  # fmt: skip
    yield Table(
        "at_risk", mark("How many still waited"),
        (GROUP, *((f"after_{k}", f"{tick / 3600:.1f} h") for k, tick in enumerate(answer.ticks))),
        tuple((g.group, *g.at_risk) for g in answer.groups if g.at_risk),
    )  # fmt: skip


def _of_numbers(answer: NumberAnswer) -> Iterator[Table]:
    yield Table(
        "groups", mark("The groups"),
        (GROUP, ("complaints", mark("Complaints")), ("mean", mark("Mean")), *INTERVAL,
         ("quarter", mark("A quarter up to")), ("median", mark("Half up to")),
         ("three_quarters", mark("Three quarters up to"))),
        tuple((g.group, g.n, *_effect(g.mean), g.quarter, g.median, g.three_quarters)
              for g in answer.groups),
    )  # fmt: skip
    yield Table(
        "comparisons", mark("The comparisons"),
        (*COMPARED, ("difference", mark("Difference of the means")), *INTERVAL, ("p", mark("p")),
         *DECIDED),
        tuple((c.group, c.reference, *_effect(c.difference), c.p, c.adjusted_p,
               VERDICTS[c.verdict]) for c in answer.comparisons),
    )  # fmt: skip


def _effect(effect: Effect | None) -> tuple[float | None, float | None, float | None]:
    return (effect.value, effect.low, effect.high) if effect else (None, None, None)
