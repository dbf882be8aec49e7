"""What did the reviews of a sample find, and how far do the reviewers agree?"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import msgspec

from projections.quality import Case
from recovery.events import QualityMark, QualityQuestion
from recovery.fairness import rates
from recovery.fairness.agreement import Agreement, Pair, agreement
from recovery.fairness.records import Share
from recovery.quality import MARKS
from web.spreadsheets import disarmed


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """One question over all cases that two have reviewed."""

    code: str
    text: str
    share: Share | None
    """Of a plain yes among the cases that the question applies to; None while a case waits for a
    third one: those that two agree on are not like the others."""
    counts: dict[QualityMark, int]
    """By mark: how many cases have it in the end."""
    open: int
    """Cases that wait for a third one."""
    agreement: Agreement


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a sample says so far."""

    sample: str
    method: str
    seed: str
    stratum: str
    population: int
    cases: int
    reviewed: int
    """By two."""
    unsettled: int
    questions: tuple[Answered, ...]


def results(cases: Sequence[Case], questions: Sequence[QualityQuestion]) -> Results:
    """Nothing of a case before both have answered, so that nobody sees the other's marks."""
    first, done = cases[0], [case for case in cases if len(case.reviews) >= 2]
    return Results(
        sample=first.sample, method=first.method, seed=first.seed, stratum=first.stratum,
        population=first.population, cases=len(cases), reviewed=len(done),
        unsettled=sum(bool(case.disputed) for case in done),
        questions=tuple(_answered(each, done) for each in questions),
    )  # fmt: skip


def _answered(question: QualityQuestion, done: Sequence[Case]) -> Answered:
    code = question.code
    found = [case.result[code] for case in done if code in case.result]
    counts = {mark: found.count(mark) for mark in MARKS}
    applies = len(found) - counts["not_applicable"]
    return Answered(
        code=code, text=question.text, counts=counts, open=len(done) - len(found),
        share=None if len(found) < len(done) else rates.share(applies, counts["yes"]),
        agreement=agreement([_pair(case, code) for case in done]),
    )  # fmt: skip


def _pair(case: Case, code: str) -> Pair:
    first, second = case.reviews[:2]
    return (first.by, first.marks[code]), (second.by, second.marks[code])


def as_csv(found: Results) -> str:
    """One row for each question."""
    out = io.StringIO()
    out.write("\ufeff")
    rows = csv.writer(out)
    rows.writerow(
        ("question", "text", *MARKS, "share_yes", "from", "to", "open", "reviewed", "same",
         "kappa", "kappa_from", "kappa_to")
    )  # fmt: skip
    for each in found.questions:
        agreed = each.agreement
        share = each.share or Share(n=None, yes=None, rate=None, low=None, high=None)
        rows.writerow((
            each.code, disarmed(each.text), *(each.counts[mark] for mark in MARKS), share.rate,
            share.low, share.high, each.open, agreed.cases, agreed.same, agreed.kappa, agreed.low,
            agreed.high,
        ))  # fmt: skip
    return out.getvalue()
