"""How does an audit look on a terminal?"""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from recovery.fairness.records import Comparison, Effect, ShareAnswer
from web.fairness import sentences
from web.fairness.running import Run


def same(sentence: str) -> str:
    """The terminal speaks English."""
    return sentence


def show(run: Run) -> None:
    """The sentences, the groups, the comparisons, and what has to be known."""
    console, answer = Console(), run.answer
    console.width = max(console.width, 120)
    for sentence in sentences.headline(answer, run.question, same):
        console.print(sentence, soft_wrap=True)
    console.print(_groups(answer))
    if answer.comparisons:
        console.print(_comparisons(answer))
    for each in answer.remarks:
        console.print(f"- {sentences.remark(each, answer, run.question, same)}", soft_wrap=True)
    console.print(f"- {sentences.CONDITIONAL}", soft_wrap=True)
    left = {
        "open": answer.left_out.open, "of another kind": answer.left_out.does_not_apply,
        "not known": answer.left_out.not_known, "without a group": answer.left_out.no_group,
        "without a stratum": answer.left_out.no_stratum,
    }  # fmt: skip
    told = ", ".join(f"{count:,} {why}" for why, count in left.items() if count)
    console.print(f"{answer.complaints:,} complaints compared; left out: {told or 'none'}.")
    console.print(f"Audit {run.audit}, as of {run.question.as_of.isoformat()}.")
    console.print(f"Digest {run.found.digest}", soft_wrap=True)


def _groups(answer: ShareAnswer) -> Table:
    table = _table("group", "complaints", "of them", "share", "from", "to", "same mix")
    for each in answer.groups:
        table.add_row(
            each.group, _count(each.n), _count(each.yes), _share(each.rate), _share(each.low),
            _share(each.high), _share(each.standardised),
        )  # fmt: skip
    return table


def _comparisons(answer: ShareAnswer) -> Table:
    table = _table("compared", "difference", "ratio", "4/5", "p", "odds ratio, like with like",
                   "strata", "CMH", "p", "Breslow-Day p", "p of all", "verdict")  # fmt: skip
    for each in answer.comparisons:
        table.add_row(f"{each.group} with {each.reference}", *_cells(each))
    return table


def _cells(each: Comparison) -> list[str]:
    within = each.stratified
    passes = {None: "–", True: "passes", False: "fails"}[each.four_fifths]
    return [
        _effect(each.difference, 100, 1), _effect(each.ratio, 1, 3), passes, _p(each.p),
        _effect(within.odds_ratio if within else None, 1, 3),
        str(within.strata) if within else "–", f"{within.statistic:.3f}" if within else "–",
        _p(within.p if within else None), _p(within.homogeneity_p if within else None),
        _p(each.adjusted_p), each.verdict.replace("_", " "),
    ]  # fmt: skip


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for n, name in enumerate(columns):
        table.add_column(name, justify="right" if n else "left", no_wrap=True)
    return table


def _effect(effect: Effect | None, times: float, digits: int) -> str:
    if effect is None:
        return "–"
    value, low, high = (f"{x * times:.{digits}f}" for x in (effect.value, effect.low, effect.high))
    return f"{value} ({low} to {high})"


def _p(p: float | None) -> str:
    return "–" if p is None else f"{p:.2g}"


def _count(count: int | None) -> str:
    return "hidden" if count is None else f"{count:,}"


def _share(share: float | None) -> str:
    return "–" if share is None else sentences.per_cent(share)
