"""How often was something so in each group, and what can be said of the differences?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import asdict, replace

from recovery.fairness import gate, rates, suppression, veiling
from recovery.fairness.comparing import FEWEST, Totals, best, compare, totals
from recovery.fairness.numbers import tidy
from recovery.fairness.records import (
    Cell,
    Comparison,
    Cut,
    GroupShare,
    LeftOut,
    Question,
    Remark,
    ShareAnswer,
    StratumShare,
)

MOST_GROUPS = 30
"""That are compared: the largest."""
PEOPLE = frozenset({"agent", "team", "area.team", "attribute.agent", "attribute.team"})
"""Groups that are colleagues."""
LIMITS = {**dict.fromkeys(PEOPLE, "people"), "month": "months"}
"""Groups that get the limits of chance and are not held against the best; what is said of that."""


def answer(
    question: Question, cells: Sequence[Cell], *, desired: bool, left_out: LeftOut,
    cuts: tuple[Cut, ...] = (), remarks: Sequence[Remark] = (),
) -> ShareAnswer:  # fmt: skip
    """Everything that can be said, with small cells left out."""
    said = list(remarks)
    wanted = largest(_sizes(cells), said)
    kept = [cell for cell in cells if cell.group in wanted]
    groups = totals(kept)
    limits = "" if question.reference else LIMITS.get(question.group, "")
    reference = "" if limits else question.reference or best(groups, desired=desired)
    comparisons: tuple[Comparison, ...] = ()
    large = [name for name, (n, _) in groups.items() if n >= FEWEST]
    why_not = Remark(limits) if limits else gate.why_not(
        groups, large, reference, left_out=left_out, alike=_alike(groups)
    )  # fmt: skip
    if why_not:
        said.append(why_not)
    else:
        comparisons = compare(
            kept, reference=reference, desired=desired, by_strata=bool(question.strata)
        )
    whole = ShareAnswer(
        measure=question.measure, complaints=sum(cell.n for cell in kept), desired=desired,
        reference=reference, groups=_groups(kept, groups), comparisons=comparisons,
        strata=_strata(kept) if question.strata else (), left_out=left_out, cuts=cuts,
    )  # fmt: skip
    shown, known = veiling.veiled(whole, kept, groups)
    return replace(shown, remarks=(*said, *known))


def largest(sizes: Mapping[str, int], said: list[Remark]) -> set[str]:
    """The groups that are told of: none so small that its size would tell of somebody."""
    enough = [name for name, size in sizes.items() if size >= suppression.SMALLEST]
    if len(enough) < len(sizes):
        said.append(Remark("small_left_out", {"smallest": str(suppression.SMALLEST)}))
    kept = sorted(enough, key=lambda name: (-sizes[name], name))[:MOST_GROUPS]
    if len(kept) < len(enough):
        given = {"groups": str(len(enough)), "kept": str(len(kept))}
        said.append(Remark("many_groups", given))
    return set(kept)


def _sizes(cells: Sequence[Cell]) -> dict[str, int]:
    return {name: n for name, (n, _) in totals(cells).items()}


def _alike(groups: Totals) -> str:
    """What is the same for all of them."""
    n = sum(count for count, _ in groups.values())
    yes = sum(count for _, count in groups.values())
    return "never" if yes == 0 else "always" if yes == n else ""


def _groups(cells: Sequence[Cell], groups: Totals) -> tuple[GroupShare, ...]:
    standard = _standardised(cells, groups)
    return tuple(
        GroupShare(group=name, standardised=standard.get(name), **asdict(rates.share(n, yes)))
        for name, (n, yes) in groups.items()
    )


def _standardised(cells: Sequence[Cell], groups: Totals) -> dict[str, float]:
    """Each large group's share with the mix of strata of everybody; over the strata in which
    each of these groups has enough complaints.
    """
    large = [name for name, (n, _) in groups.items() if n >= FEWEST]
    by_place = {(c.group, c.stratum): c for c in cells}
    strata = list(dict.fromkeys(c.stratum for c in cells))
    full = [
        [by_place[name, stratum] for name in large] for stratum in strata
        if all(by_place.get((name, stratum), Cell("", "", 0, 0)).n >= FEWEST for name in large)
    ]  # fmt: skip
    everybody = sum(cell.n for row in full for cell in row)
    if len(strata) < 2 or not everybody:
        return {}
    return {
        name: tidy(sum(
            sum(cell.n for cell in row) / everybody * row[k].yes / row[k].n for row in full
        ))
        for k, name in enumerate(large)
    }  # fmt: skip


def _strata(cells: Sequence[Cell]) -> tuple[StratumShare, ...]:
    return tuple(
        StratumShare(group=c.group, stratum=c.stratum, **asdict(rates.share(c.n, c.yes)))
        for c in cells
    )
