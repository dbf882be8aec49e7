"""How do colleagues review how complaints were treated, so that the marks can be relied on?

Two of the reviewers answer the form about each case, neither knowing what the other answered, and
nobody about a case they handled themselves. What they answer differently, a third one settles.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import get_args

import msgspec

from recovery import text as texts
from recovery.carrier import Carrier
from recovery.errors import Forbidden, Invalid, NotFound, Refused
from recovery.events import (
    Assigned,
    DrawMethod,
    Drawn,
    Event,
    FormWritten,
    Marked,
    QualityMark,
    QualityQuestion,
    Received,
    Recorded,
    Settled,
    StaffNamed,
    complaint_stream,
    review_form_stream,
    sample_stream,
)
from recovery.sealing import Sealer
from recovery.store import Command, Conflict, Done, Store
from recovery.vault import Vault

MARKS: tuple[QualityMark, ...] = get_args(QualityMark)
MOST_CASES, MOST_QUESTIONS, LONGEST_QUESTION = 200, 20, 300
HOUSE_FORM = (
    QualityQuestion("understood", "Do the letters show that the complaint was understood?"),
    QualityQuestion("responsibility", "Was responsibility taken where it was ours?"),
    QualityQuestion("explained", "Was it explained what went wrong, and why?"),
    QualityQuestion("follows", "Was it said what follows, and by when?"),
    QualityQuestion("respectful", "Was the tone respectful throughout?"),
    QualityQuestion("fair", "Was the outcome fair, as far as the case shows?"),
)
"""The form that comes with the desk; version 0."""


class Draw(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked of a draw, and what came out."""

    method: DrawMethod
    seed: str
    stratum: str = ""
    since: date | None = None
    until: date | None = None
    zone: str = "UTC"
    as_of: datetime
    population: int
    complaints: tuple[str, ...]
    reviewers: tuple[str, ...]


def draw(
    store: Store, found: Draw, *, by: str, at: datetime, command: Command | None = None
) -> Done:  # fmt: skip
    """Put a sample on record; raises Invalid where it cannot be reviewed."""
    if command and (done := store.done(command)):
        return done
    if not found.complaints:
        raise Invalid("No closed complaint of this period has a letter to review.", field="from")
    if len(found.complaints) > MOST_CASES:
        raise Invalid("Draw at most 200 cases at once.", field="size")
    if len(set(found.reviewers)) < 2:
        raise Invalid("Choose at least two reviewers.", field="reviewer")
    form = len(store.records(review_form_stream()))
    event = Drawn(at=at, by=by, form=form, **msgspec.structs.asdict(found))
    stream = sample_stream(secrets.token_hex(6))
    return store.append([Recorded(stream, 1, event)], command=command)


def write_form(
    store: Store, lines: Iterable[str], *, by: str, at: datetime, command: Command | None = None
) -> Done:  # fmt: skip
    """Ask these questions of samples that are drawn from now on; raises Invalid."""
    if command and (done := store.done(command)):
        return done
    event = FormWritten(at=at, by=by, questions=_questions(lines))
    version = len(store.records(review_form_stream()))
    try:
        return store.append([Recorded(review_form_stream(), version + 1, event)], command=command)
    except Conflict:
        raise Refused("Somebody else changed the form just now. Load it again.") from None


def form(store: Store, version: int | None = None) -> tuple[QualityQuestion, ...]:
    """The questions of a version; of the latest unless said."""
    records = store.records(review_form_stream())
    number = len(records) if version is None else version
    if number == 0:
        return HOUSE_FORM
    event = records[number - 1].event
    assert isinstance(event, FormWritten)
    return event.questions


def mark(
    store: Store, vault: Vault, sample: str, complaint: str, *, marks: Mapping[str, str],
    words: str, by: str, at: datetime, command: Command | None = None,
) -> Done:  # fmt: skip
    """Answer the form about a case. Raises Forbidden, Refused, Invalid with all that is missing."""

    def decide(records: Sequence[Recorded], papers: Sealer) -> Event:
        drawn, earlier = drawn_of(records), marked(records, complaint)
        if by not in drawn.reviewers:
            raise Forbidden("You are not among the reviewers of this sample.")
        if any(each.by == by for each in earlier):
            raise Refused("You have reviewed this case already.")
        if len(earlier) >= 2:
            raise Refused("Two colleagues have reviewed this case already.")
        found = _answered(marks, [each.code for each in form(store, drawn.form)])
        return Marked(at=at, by=by, complaint=complaint, marks=found, words=papers.words(words))

    return _act(store, vault, sample, complaint, decide, by, command)


def settle(
    store: Store, vault: Vault, sample: str, complaint: str, *, marks: Mapping[str, str],
    words: str, by: str, at: datetime, command: Command | None = None,
) -> Done:  # fmt: skip
    """Decide what two reviewers answered differently. Raises Refused, Invalid."""

    def decide(records: Sequence[Recorded], papers: Sealer) -> Event:
        earlier = marked(records, complaint)
        if any(each.by == by for each in earlier):
            raise Refused("You have reviewed this case yourself, so a third one settles it.")
        if any(isinstance(r.event, Settled) and r.event.complaint == complaint for r in records):
            raise Refused("This case has been settled already.")
        open_ones = disputed([each.marks for each in earlier])
        if not open_ones:
            raise Refused("There is nothing to settle: the two reviewers do not disagree.")
        found = _answered(marks, open_ones)
        return Settled(at=at, by=by, complaint=complaint, marks=found, words=papers.words(words))

    return _act(store, vault, sample, complaint, decide, by, command)


def disputed(two: Sequence[Mapping[str, QualityMark]]) -> list[str]:
    """The questions that two answered differently; none before both have answered."""
    if len(two) < 2:
        return []
    return [code for code, given in two[0].items() if two[1].get(code) != given]


def handled_by(records: Sequence[Recorded]) -> set[str]:
    """Everybody who had the complaint or did something with it, and whom it is about."""
    people = {each.event.by for each in records}
    people |= {r.event.agent for r in records if isinstance(r.event, Assigned)}
    named = [r.event.staff for r in records if isinstance(r.event, StaffNamed)]
    return people.union(*named[-1:])


def drawn_of(records: Sequence[Recorded]) -> Drawn:
    """Raises NotFound."""
    if not records:
        raise NotFound("There is no such sample.")
    event = records[0].event
    assert isinstance(event, Drawn)
    return event


def marked(records: Sequence[Recorded], complaint: str) -> list[Marked]:
    return [
        each.event for each in records
        if isinstance(each.event, Marked) and each.event.complaint == complaint
    ]  # fmt: skip


def _act(
    store: Store, vault: Vault, sample: str, complaint: str,
    decide: Callable[[Sequence[Recorded], Sealer], Event], by: str, command: Command | None,
) -> Done:  # fmt: skip
    case = store.records(complaint_stream(complaint))

    def attempt() -> Done:
        records = store.records(sample_stream(sample))
        if complaint not in drawn_of(records).complaints or not case:
            raise NotFound("There is no such case in this sample.")
        if by in handled_by(case):
            raise Refused("You handled this case yourself, so somebody else reviews it.")
        papers = Sealer(store, vault, _complainant(case))
        recorded = Recorded(sample_stream(sample), len(records) + 1, decide(records, papers))
        return store.append([recorded], command=command, keys=papers.keys, papers=papers.papers)

    return Carrier(store, vault).once(attempt, command)


def _complainant(case: Sequence[Recorded]) -> str:
    """Whose key seals what is written about the case: it is forgotten with them."""
    event = case[0].event
    assert isinstance(event, Received)
    return event.complainant


def _answered(marks: Mapping[str, str], codes: Collection[str]) -> dict[str, QualityMark]:
    for code in codes:
        if marks.get(code) not in MARKS:
            raise Invalid("Answer each question.", field=code)
    return {code: mark for code in codes for mark in MARKS if marks[code] == mark}


def _questions(lines: Iterable[str]) -> tuple[QualityQuestion, ...]:
    """One for each line; the code is made of its words, so that it stays the same."""
    found: dict[str, QualityQuestion] = {}
    for line in lines:
        words = texts.line(line, field="questions", limit=LONGEST_QUESTION)
        if not words:
            continue
        code = _code(words, len(found) + 1)
        if code in found:
            raise Invalid("Each question can stand in the form only once.", field="questions")
        found[code] = QualityQuestion(code, words)
    if not 0 < len(found) <= MOST_QUESTIONS:
        raise Invalid("Write 1 to 20 questions.", field="questions")
    return tuple(found.values())


def _code(words: str, number: int) -> str:
    plain = "_".join(re.findall(r"[a-z0-9]+", words.lower())[:8])
    return plain or f"question_{number}"
