"""What can a program do to a complaint? Read, do, answer: one route for each act."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from recovery import text as texts
from recovery.errors import Invalid
from recovery.events import CompensationProposed
from recovery.money import Money
from recovery.store import Done
from web.api import bodies, letters
from web.api.calls import Call, Calling, Reference, changed
from web.api.reading import Reads
from web.api.schema import asks
from web.mentions import mentioned

router = APIRouter(prefix="/complaints/{reference}", tags=["acts"])
UNSAID = "other"
"""The code of a reason that was given in words."""


def _body(kind: type[bodies.Act]) -> object:
    return Depends(Reads(kind))


@router.post("/acknowledgement", openapi_extra=asks(bodies.Acknowledgement))
def acknowledge(
    call: Calling, reference: Reference,
    body: Annotated[bodies.Acknowledgement, _body(bodies.Acknowledgement)],
) -> Response:  # fmt: skip
    """Confirm to the complainant that the desk has the complaint and will answer."""
    done = call.runtime.desk.acknowledge(
        reference, message=body.message,
        sending=letters.sending(call, reference, body, "acknowledged"), **call.asked(body),
    )  # fmt: skip
    return changed(done, letter=letters.told(call, done))


@router.post("/explanation", openapi_extra=asks(bodies.Explanation))
def explain(
    call: Calling, reference: Reference,
    body: Annotated[bodies.Explanation, _body(bodies.Explanation)],
) -> Response:  # fmt: skip
    """Tell the complainant what went wrong, why, and what follows."""
    done = call.runtime.desk.explain(
        reference, outcome=body.outcome, message=body.message, cause_code=body.cause,
        sending=letters.sending(call, reference, body, "explained", cause=body.cause),
        **call.asked(body),
    )  # fmt: skip
    return changed(done, letter=letters.told(call, done))


@router.post("/compensation", openapi_extra=asks(bodies.Compensation))
def compensate(
    call: Calling, reference: Reference,
    body: Annotated[bodies.Compensation, _body(bodies.Compensation)],
) -> Response:  # fmt: skip
    """Grant money or kind."""
    done = call.runtime.desk.compensate(
        reference, kind=body.kind, money=_money(body), reason=body.reason, message=body.message,
        role=call.role, sending=letters.sending(call, reference, body, "compensated"),
        **call.asked(body),
    )  # fmt: skip
    return changed(done, compensation=_compensation(call, done), letter=letters.told(call, done))


def _compensation(call: Call, done: Done) -> dict[str, Any] | None:
    """Where the money is: granted, or waiting for somebody else."""
    records = call.runtime.store.records(done.stream)
    event = next(record.event for record in records if record.version == done.version)
    payout = getattr(event, "payout", "")
    state = "owed" if isinstance(event, CompensationProposed) else "approved"
    return {"payout": payout, "state": state} if payout else None


@router.post("/closure", openapi_extra=asks(bodies.Closure))
def close(
    call: Calling, reference: Reference, body: Annotated[bodies.Closure, _body(bodies.Closure)]
) -> Response:
    """Finish the desk's work on the complaint."""
    done = call.runtime.desk.close(
        reference, outcome=body.outcome, message=body.message, wishes=body.wishes,
        sending=letters.sending(call, reference, body, "closed"), **call.asked(body),
    )  # fmt: skip
    return changed(done, letter=letters.told(call, done))


@router.post("/assignment", openapi_extra=asks(bodies.Assignment))
def assign(
    call: Calling, reference: Reference,
    body: Annotated[bodies.Assignment, _body(bodies.Assignment)],
) -> Response:  # fmt: skip
    """Give the complaint to somebody."""
    asked = call.user if body.agent == "me" else body.agent
    agent = call.runtime.accounts.named(asked).by
    return changed(call.runtime.desk.assign(reference, agent=agent, **call.asked(body)))


@router.delete("/assignment")
def release(call: Calling, reference: Reference) -> Response:
    """Put the complaint back into the queue."""
    return changed(call.runtime.desk.release(reference, **call.asked()))


@router.post("/classification", openapi_extra=asks(bodies.Classification))
def classify(
    call: Calling, reference: Reference,
    body: Annotated[bodies.Classification, _body(bodies.Classification)],
) -> Response:  # fmt: skip
    """Set or correct what the complaint is about."""
    done = call.runtime.desk.classify(
        reference, category=body.category, product=body.product, severity=body.severity,
        attributes=body.attributes, **call.asked(body),
    )  # fmt: skip
    return changed(done)


@router.post("/notes", openapi_extra=asks(bodies.Note))
def add_note(
    call: Calling, reference: Reference, body: Annotated[bodies.Note, _body(bodies.Note)]
) -> Response:
    """Write a note for colleagues; whom it calls by `@name` is told by mail."""
    called = mentioned(body.text, call.runtime.accounts.names())
    done = call.runtime.desk.add_note(
        reference, text=body.text, mentions=called, **call.asked(body)
    )
    return changed(done)


@router.post("/messages", openapi_extra=asks(bodies.Message))
def send_message(
    call: Calling, reference: Reference, body: Annotated[bodies.Message, _body(bodies.Message)]
) -> Response:
    """Write to the complainant without any of the formal acts."""
    done = call.runtime.desk.send_message(
        reference, text=body.text, sending=letters.sending(call, reference, body, "message"),
        **call.asked(body),
    )  # fmt: skip
    return changed(done, letter=letters.told(call, done))


@router.post("/received-messages", openapi_extra=asks(bodies.ReceivedMessage))
def receive_message(
    call: Calling, reference: Reference,
    body: Annotated[bodies.ReceivedMessage, _body(bodies.ReceivedMessage)],
) -> Response:  # fmt: skip
    """Keep what the complainant wrote or said; it ends a wait for them."""
    done = call.runtime.desk.receive_message(
        reference, text=body.text, channel=body.channel, **call.asked(body)
    )
    return changed(done)


@router.post("/pause", openapi_extra=asks(bodies.Pause))
def pause(
    call: Calling, reference: Reference, body: Annotated[bodies.Pause, _body(bodies.Pause)]
) -> Response:
    """Wait for somebody else."""
    reason, words = _reason(body.reason, body.words)
    done = call.runtime.desk.pause(
        reference, reason=reason, words=words, until=body.until, **call.asked(body)
    )
    return changed(done)


@router.post("/resumption", openapi_extra=asks(bodies.Act))
def resume(
    call: Calling, reference: Reference, body: Annotated[bodies.Act, _body(bodies.Act)]
) -> Response:
    """End the wait."""
    return changed(call.runtime.desk.resume(reference, **call.asked(body)))


@router.post("/extension", openapi_extra=asks(bodies.Extension))
def extend(
    call: Calling, reference: Reference, body: Annotated[bodies.Extension, _body(bodies.Extension)]
) -> Response:
    """Prolong the promise by whole days."""
    reason, words = _reason(body.reason, body.words)
    done = call.runtime.desk.extend(
        reference, days=body.days, reason=reason, words=words, **call.asked(body)
    )
    return changed(done)


@router.post("/escalation", openapi_extra=asks(bodies.Escalation))
def escalate(
    call: Calling, reference: Reference,
    body: Annotated[bodies.Escalation, _body(bodies.Escalation)],
) -> Response:  # fmt: skip
    """Pass the complaint up."""
    reason, words = _reason(body.reason, body.words)
    done = call.runtime.desk.escalate(
        reference, to=body.to, reason=reason, words=words, **call.asked(body)
    )
    return changed(done)


@router.post("/reopening", openapi_extra=asks(bodies.Reopening))
def reopen(
    call: Calling, reference: Reference, body: Annotated[bodies.Reopening, _body(bodies.Reopening)]
) -> Response:
    """Take a finished complaint up again."""
    reason, words = _reason(body.reason, body.words)
    done = call.runtime.desk.reopen(reference, reason=reason, words=words, **call.asked(body))
    return changed(done)


@router.post("/withdrawal", openapi_extra=asks(bodies.Withdrawal))
def withdraw(
    call: Calling, reference: Reference,
    body: Annotated[bodies.Withdrawal, _body(bodies.Withdrawal)],
) -> Response:  # fmt: skip
    """Record that the complainant took the complaint back."""
    return changed(call.runtime.desk.withdraw(reference, words=body.words, **call.asked(body)))


@router.post("/incident", openapi_extra=asks(bodies.Incident))
def record_incident(
    call: Calling, reference: Reference, body: Annotated[bodies.Incident, _body(bodies.Incident)]
) -> Response:
    """Write down facts of the failure, by the names that policies use."""
    facts = bodies.facts_as_text(body.facts)
    return changed(call.runtime.desk.record_incident(reference, facts=facts, **call.asked(body)))


@router.post("/milestones", openapi_extra=asks(bodies.Milestone))
def reach_milestone(
    call: Calling, reference: Reference, body: Annotated[bodies.Milestone, _body(bodies.Milestone)]
) -> Response:
    """Record something outside the core vocabulary that a policy may declare."""
    done = call.runtime.desk.reach_milestone(reference, milestone=body.type, **call.asked(body))
    return changed(done)


def _money(body: bodies.Compensation) -> Money | None:
    """The amount, or None when none was given; raises Invalid for half of it."""
    if body.amount is None and body.currency is None:
        return None
    if body.amount is None:
        raise Invalid("Give the amount too.", field="amount")
    if body.currency is None:
        raise Invalid("Give the currency too, such as GBP.", field="currency")
    return Money.parse(body.amount, body.currency)


def _reason(reason: str, words: str) -> tuple[str, str]:
    """The code and the words of a reason; words in place of a code go into the vault."""
    try:
        return texts.code(reason, field="reason"), words
    except Invalid:
        if not reason.strip():
            raise Invalid("Give a reason.", field="reason") from None
        return UNSAID, f"{reason}\n\n{words}".strip()
