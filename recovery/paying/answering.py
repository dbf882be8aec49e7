"""How does what banks say become what is known of payments?

A file is taken in as often as somebody likes: what is known already changes nothing, and what fits
no payment has an id that follows from the line, so that it waits once. Whatever dies in the middle,
the same file again does the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import TypeVar
from uuid import UUID, uuid5

import msgspec

from recovery.errors import NotFound, Refused, StoreUnavailable
from recovery.events import (
    Event,
    PaperRef,
    Placed,
    Recorded,
    SetAside,
    TakenIn,
    Unplaced,
    answer_stream,
    payout_stream,
    statement_stream,
)
from recovery.paying.batching import ATTEMPTS, OURS
from recovery.paying.matching import Known, Matched, match, unmatched
from recovery.paying.records import Kind, Line, Result, Statement, Unmatched
from recovery.payout import Payout, state_of
from recovery.sealing import Sealer
from recovery.store import Conflict, Done, Store
from recovery.vault import Vault, read

NAMESPACE = UUID("7d6d1f0a-9c1e-4a86-8b0f-3f6c2a9d5e44")
AT_ONCE = 500
"""Answers that are recorded in one transaction."""
T = TypeVar("T")


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What was said and fits no payment, as somebody will read it."""

    why: str
    """A sentence."""
    where: str = ""
    payment: str = ""
    kind: str = ""
    code: str = ""
    at: datetime | None = None


class Instructed(msgspec.Struct, frozen=True):
    """A payment that answers may speak of, and the payout that it pays."""

    known: Known
    payout: str
    complaint: str


class Heard(msgspec.Struct, frozen=True):
    """What became of the lines of a file."""

    lines: int = 0
    news: int = 0
    known: int = 0
    unplaced: int = 0
    position: int = 0
    """Of the last thing that was recorded; 0: nothing was."""


Lookup = Callable[[frozenset[str]], Mapping[str, Instructed]]
"""Payment ids to what was instructed under them."""


class Answering:
    """Takes in what banks, programs and people say of payments."""

    def __init__(self, store: Store, vault: Vault, lookup: Lookup) -> None:
        self._store = store
        self._vault = vault
        self._lookup = lookup

    def take(self, statement: Statement, *, digest: str, by: str, at: datetime) -> Heard:
        """Record what the lines of a file tell; `digest` is the file's SHA-256, or empty."""
        found: dict[str, Instructed] = {}

        def lookup(payments: frozenset[str]) -> Mapping[str, Known]:
            found.update(self._lookup(payments))
            return {payment: found[payment].known for payment in payments if payment in found}

        heard, seen = Heard(), Counter[str]()
        outcomes = iter(match(statement.lines, lookup))
        while some := list(islice(outcomes, AT_ONCE)):
            named = [(_name(outcome, seen), outcome) for outcome in some]
            taken = _again(lambda n=named: self._record(n, found, digest=digest, by=by, at=at))  # type: ignore[misc]
            heard = Heard(
                heard.lines + taken.lines, heard.news + taken.news, heard.known + taken.known,
                heard.unplaced + taken.unplaced, max(heard.position, taken.position),
            )  # fmt: skip
        return self._taken_in(statement, heard, digest=digest, by=by, at=at) if digest else heard

    def place(self, answer: str, payment: str, kind: Kind, *, by: str, at: datetime) -> Done:
        """Say of which payment an answer speaks, and what became of it.

        Raises Refused where the amount is another one, or the payment cannot have become that.
        """

        def attempt() -> Done:
            version, unplaced = self._waiting(answer)
            target = self._lookup(frozenset({payment})).get(payment)
            if target is None:
                raise Refused("No payment was instructed under this id.")
            if unplaced.money is None:
                raise Refused("This names no amount. Say it of the payout, by hand.")
            said = Result(payment=payment, kind=kind, money=unplaced.money, at=max(
                self._kept(unplaced).at or at, target.known.at
            ))  # fmt: skip
            payout = self._payout(target, self._store.records(payout_stream(target.payout)))
            _apply(payout, said, by=by, after_all=True)
            placed = Recorded(answer_stream(answer), version + 1, Placed(
                at=at, by=by, payment=payment
            ))  # fmt: skip
            return self._store.append([*payout.pending, placed])

        return _again(attempt)

    def set_aside(self, answer: str, *, reason: str, by: str, at: datetime) -> Done:
        """Say why an answer moves no money here."""

        def attempt() -> Done:
            version, _ = self._waiting(answer)
            event = SetAside(at=at, by=by, reason=reason)
            return self._store.append([Recorded(answer_stream(answer), version + 1, event)])

        return _again(attempt)

    # ------------------------------------------------------------ how

    def _record(
        self, outcomes: Sequence[tuple[str, Matched | Unmatched]],
        found: Mapping[str, Instructed], *, digest: str, by: str, at: datetime,
    ) -> Heard:  # fmt: skip
        """Record a few outcomes in one transaction. Raises Conflict."""
        before = self._store.several([answer_stream(id) for id, _ in outcomes])
        payouts = self._payouts(outcomes, found)
        papers = Sealer(self._store, self._vault, OURS)
        records, news, unplaced = list[Recorded](), 0, 0
        for id, outcome in outcomes:
            stream, why = answer_stream(id), outcome if isinstance(outcome, Unmatched) else None
            known = before.get(stream, [])
            if isinstance(outcome, Matched) and outcome.is_news:
                why, moved = _tried(payouts[found[outcome.result.payment].payout], outcome, by=by)
                news += moved
            if why is not None:
                unplaced += 1
                event: Event = Unplaced(
                    at=at, by=by, statement=digest, line=papers.seal(_kept(why)), money=why.money
                )
                records += [] if known else [Recorded(stream, 1, event)]
            elif len(known) == 1 and isinstance(outcome, Matched):
                event = Placed(at=at, by=by, payment=outcome.result.payment)
                records.append(Recorded(stream, 2, event))
        records = [*(r for payout in payouts.values() for r in payout.pending), *records]
        heard = Heard(len(outcomes), news, len(outcomes) - news - unplaced, unplaced)
        if not records:
            return heard
        done = self._store.append(records, keys=papers.keys, papers=papers.papers)
        return msgspec.structs.replace(heard, position=done.position)

    def _payouts(
        self, outcomes: Iterable[tuple[str, Matched | Unmatched]], found: Mapping[str, Instructed]
    ) -> dict[str, Payout]:
        """The payouts that there is news of."""
        targets = {
            target.payout: target
            for _, outcome in outcomes
            if isinstance(outcome, Matched) and outcome.is_news
            for target in (found[outcome.result.payment],)
        }
        streams = self._store.several([payout_stream(payout) for payout in targets])
        return {
            payout: self._payout(target, streams.get(payout_stream(payout), []))
            for payout, target in targets.items()
        }

    @staticmethod
    def _payout(target: Instructed, records: Sequence[Recorded]) -> Payout:
        return Payout(target.complaint, target.payout, len(records), state_of(records))

    def _taken_in(
        self, statement: Statement, heard: Heard, *, digest: str, by: str, at: datetime
    ) -> Heard:
        """Note that the file was read to its end: the first time, and when it told news again."""
        stream = statement_stream(digest)
        before = self._store.records(stream)
        if before and not heard.position:
            return heard
        event = TakenIn(
            at=at, by=by, form=statement.form, lines=heard.lines, news=heard.news,
            unplaced=heard.unplaced,
        )  # fmt: skip
        try:
            done = self._store.append([Recorded(stream, len(before) + 1, event)])
        except Conflict:
            return heard  # somebody else read the same file at the same time
        return msgspec.structs.replace(heard, position=done.position)

    def _waiting(self, answer: str) -> tuple[int, Unplaced]:
        records = self._store.records(answer_stream(answer))
        if not records:
            raise NotFound("No answer waits under this id.")
        if len(records) > 1:
            raise Refused("Somebody has settled this answer already.")
        event = records[0].event
        assert isinstance(event, Unplaced)
        return len(records), event

    def _kept(self, unplaced: Unplaced) -> Kept:
        with self._store.database.connection() as conn:
            papers = self._vault.open_many(conn, [unplaced.line.paper])
        return kept(papers, unplaced.line)


def kept(papers: Mapping[str, bytes], ref: PaperRef) -> Kept:
    """What was said, or that it cannot be read any more."""
    return read(papers, ref, Kept) or Kept(why="This was forgotten.")


def _name(outcome: Matched | Unmatched, seen: Counter[str]) -> str:
    """The id of a line: the same for the same line of the same file, read however often."""
    if isinstance(outcome, Unmatched):
        line: Line = outcome
        where, at = outcome.where, outcome.at
    else:
        line = outcome.result
        where, at = outcome.result.source, outcome.said_at or outcome.result.at
    said = (line.payment, line.kind or "", str(line.money or ""), str(at or ""), where)
    text = "\n".join(said)
    seen[text] += 1
    return str(uuid5(NAMESPACE, f"{text}\n{seen[text]}"))


def _kept(line: Unmatched) -> Kept:
    return Kept(
        why=line.reason, where=line.where, payment=line.payment, kind=line.kind or "",
        code=line.code, at=line.at,
    )  # fmt: skip


def _tried(payout: Payout, outcome: Matched, *, by: str) -> tuple[Unmatched | None, bool]:
    """Record the news on the payout; what its stream refuses waits, with the sentence."""
    result, before = outcome.result, len(payout.pending)
    try:
        _apply(payout, result, by=by)
    except Refused as why:
        return unmatched(result, str(why)), False
    return None, len(payout.pending) > before


def _apply(payout: Payout, said: Result, *, by: str, after_all: bool = False) -> None:
    reason = said.reason or "not_said"
    match said.kind:
        case "paid" if after_all:
            payout.confirm_after_all(said.payment, said.money, at=said.at, by=by)
        case "paid":
            payout.confirm(said.payment, said.money, at=said.at, by=by)
        case "failed":
            payout.fail(said.payment, said.money, reason=reason, at=said.at, by=by)
        case "reversed":
            payout.reverse(said.payment, said.money, reason=reason, at=said.at, by=by)
        case _:
            return


def _again(attempt: Callable[[], T]) -> T:
    """Load and decide again after a conflict."""
    for _ in range(ATTEMPTS):
        try:
            return attempt()
        except Conflict:
            continue
    raise StoreUnavailable("Too many people are changing these payments at once. Try again.")
