"""What does the record of an audit say?"""

from __future__ import annotations

from datetime import datetime

import msgspec

from recovery import auditrun
from recovery.delivery import delivery_id
from recovery.errors import NotFound
from recovery.events import LookedInto, PassedOn, Ran, Recorded, SignedOff, audit_stream
from recovery.fairness.records import Answer, Question, ShareAnswer
from recovery.store import Store


class Copy(msgspec.Struct, frozen=True):
    """The paper, as it was sent to a colleague."""

    to: str
    at: datetime
    delivery: str


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    """One audit as it was recorded, and what was done about it since."""

    id: str
    version: int
    ran: Ran
    question: Question
    answer: Answer
    signed: SignedOff | None
    looked: tuple[LookedInto, ...]
    passed_on: tuple[Copy, ...]

    @property
    def at(self) -> datetime:
        assert self.ran.at is not None
        return self.ran.at

    @property
    def holds(self) -> bool:
        """Whether the digest is that of the question and the answer."""
        return auditrun.digest(self.ran.question, self.ran.result) == self.ran.digest


def is_shown(answer: Answer, group: str, stratum: str) -> bool:
    """Whether the figure that somebody wants to look behind is one that is told."""
    if isinstance(answer, ShareAnswer) and answer.strata:
        cells = {(each.group, each.stratum): each.n for each in answer.strata}
        return cells.get((group, stratum)) is not None
    return any(each.group == group and each.n is not None for each in answer.groups)


def audit(store: Store, id: str) -> Audit:
    """Raises NotFound."""
    records = store.records(audit_stream(id)) if id.isalnum() else []
    if not records:
        raise NotFound("There is no such audit.")
    return read(id, records)


def read(id: str, records: list[Recorded]) -> Audit:
    ran = auditrun.ran(records)
    events = [each.event for each in records]
    return Audit(
        id=id, version=len(records), ran=ran,
        question=msgspec.json.decode(ran.question, type=Question),
        answer=msgspec.json.decode(ran.result, type=Answer),
        signed=next((e for e in events if isinstance(e, SignedOff)), None),
        looked=tuple(e for e in events if isinstance(e, LookedInto)),
        passed_on=tuple(
            Copy(e.to, e.at, delivery_id(id, each.version, e.to))
            for each in records if isinstance(e := each.event, PassedOn) and e.at
        ),
    )  # fmt: skip
