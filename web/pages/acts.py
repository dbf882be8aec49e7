"""What can an agent do to a complaint from its page? Each form, and the command it asks for."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, time
from types import MappingProxyType
from typing import Any, TypeVar, get_args

import msgspec

from recovery import text as texts
from recovery.binding import Binder
from recovery.claims import Claims
from recovery.desk import Desk
from recovery.errors import Invalid
from recovery.events import (
    Channel,
    CompensationKind,
    CompensationProposed,
    DesiredOutcome,
    Outcome,
    Severity,
)
from recovery.money import Money
from recovery.sending import AT_ONCE, Sending
from recovery.store import Command, Done
from web.accounts import Role
from web.mentions import mentioned
from web.pages import tying
from web.pages.form import Form, check
from web.pages.viewer import Viewer
from web.pages.words import codes

T = TypeVar("T", bound=str)
_SEEN = re.compile(r"\d{1,9}")
_DAYS = re.compile(r"\d{1,4}")
NOBODY: Mapping[str, str] = MappingProxyType({})
CHANNELS: tuple[Channel, ...] = get_args(Channel)
KINDS: tuple[CompensationKind, ...] = get_args(CompensationKind)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
OUTCOMES: tuple[Outcome, ...] = tuple(o for o in get_args(Outcome) if o != "not_known")
EXPLAINABLE: tuple[Outcome, ...] = ("upheld", "partly_upheld", "not_upheld", "out_of_scope")


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One form that was sent, and by whom."""

    desk: Desk
    claims: Claims
    binder: Binder
    reference: str
    form: Form
    viewer: Viewer
    command: str
    """The form's own hidden identity."""
    people: tuple[str, ...]
    """Who complaints can be given to."""
    colleagues: Mapping[str, str] = NOBODY
    """Whom a note may call by name."""
    sending: Callable[[], Sending] = lambda: AT_ONCE
    """How the letter leaves, of an act that owes one; raises Invalid about its words."""

    @property
    def by(self) -> str:
        assert self.viewer.session is not None
        return self.viewer.session.user.by

    @property
    def role(self) -> Role:
        assert self.viewer.session is not None
        return self.viewer.session.user.role

    @property
    def asked(self) -> dict[str, Any]:
        """What every command is told besides its own."""
        seen = self.form.value("seen")
        return {
            "by": self.by, "at": self.viewer.now,
            "seen": int(seen) if _SEEN.fullmatch(seen) else None,
            "command": identity(self.by, self.command, self.form),
        }  # fmt: skip

    def word(self, field: str) -> str:
        return self.form.value(field)


def identity(by: str, command: str, form: Form) -> Command | None:
    """The same form sent twice with the same content is one command.

    The form's random identity goes into the digest and is kept nowhere, so what the log keeps
    confirms no guess at the words of somebody who was forgotten.
    """
    if not command:
        return None
    sent = msgspec.json.encode([command, form.content])
    return Command(f"page:{by}:{hashlib.sha256(sent).hexdigest()[:32]}")


def said(desk: Desk, act: str, done: Done) -> str:
    """What is said of an act that was done: more than one may grant was only proposed."""
    if act != "compensation":
        return act
    [last] = [r for r in desk.store.records(done.stream) if r.version == done.version]
    return "proposal" if isinstance(last.event, CompensationProposed) else act


def one_of(form: Form, field: str, known: Iterable[T], sentence: str) -> T:
    """The value chosen; raises Invalid with the sentence when it is none of those offered."""
    for value in known:
        if form.value(field) == value:
            return value
    raise Invalid(sentence, field=field)


def _acknowledge(call: Call) -> Done:
    return call.desk.acknowledge(
        call.reference, message=call.word("message"), sending=call.sending(), **call.asked
    )


def _explain(call: Call) -> Done:
    check(
        lambda: _required(
            call, "message",
            "Explain what happened: the complainant receives this in the letter.",
        ),
        lambda: one_of(call.form, "outcome", EXPLAINABLE, "Choose the outcome."),
        lambda: _one_known(call, "cause", "Choose one of the causes in the list, or none."),
    )  # fmt: skip
    outcome = one_of(call.form, "outcome", EXPLAINABLE, "Choose the outcome.")
    return call.desk.explain(
        call.reference, outcome=outcome, message=call.word("message"),
        cause_code=call.word("cause"), sending=call.sending(), **call.asked,
    )  # fmt: skip


def _required(call: Call, field: str, sentence: str) -> str:
    return texts.required(call.word(field), field=field, sentence=sentence)


def _one_known(call: Call, field: str, sentence: str) -> None:
    """One of those that letters have words for, or none."""
    known = [code for code, _ in codes(field, call.viewer.language)]
    one_of(call.form, field, ["", *known], sentence)


def _why(call: Call) -> None:
    """A reason out of the list; one that is not in it must be told in words."""
    if not call.word("reason"):
        raise Invalid("Choose why.", field="reason")
    if call.word("reason") == "other":
        _required(call, "words", "Say why, in your words.")


def _compensate(call: Call) -> Done:
    kind = one_of(call.form, "kind", KINDS, "Choose what kind of compensation it is.")
    _one_known(call, "reason", "Choose one of the reasons in the list, or none.")
    money = None
    if kind != "in_kind":
        if not call.word("amount").strip():
            raise Invalid("Say how much.", field="amount")
        money = Money.parse(call.word("amount"), call.word("currency"))
    return call.desk.compensate(
        call.reference, kind=kind, money=money, reason=call.word("reason"), role=call.role,
        message=call.word("message"), sending=call.sending(), **call.asked,
    )  # fmt: skip


def _close(call: Call) -> Done:
    outcome = one_of(call.form, "outcome", OUTCOMES, "Choose the outcome.")
    return call.desk.close(
        call.reference,
        outcome=outcome,
        message=call.word("message"),
        wishes={
            wish: said == "met" for wish in get_args(DesiredOutcome)
            if (said := call.form.value(f"wish_{wish}")) in ("met", "not_met")
        },
        sending=call.sending(),
        **call.asked,
    )  # fmt: skip


def _write(call: Call) -> Done:
    return call.desk.send_message(
        call.reference, text=call.word("text"), sending=call.sending(), **call.asked
    )


def _hear(call: Call) -> Done:
    channel = one_of(call.form, "channel", CHANNELS, "Choose how the complainant reached us.")
    return call.desk.receive_message(
        call.reference, text=call.word("text"), channel=channel, **call.asked
    )


def _note(call: Call) -> Done:
    text = call.word("text")
    called = mentioned(text, call.colleagues)
    return call.desk.add_note(call.reference, text=text, mentions=called, **call.asked)


def _assign(call: Call) -> Done:
    agent = one_of(call.form, "agent", call.people, "Choose who takes the complaint.")
    return call.desk.assign(call.reference, agent=agent, **call.asked)


def _release(call: Call) -> Done:
    return call.desk.release(call.reference, **call.asked)


def _pause(call: Call) -> Done:
    if not call.word("reason"):
        raise Invalid("Choose whom we wait for.", field="reason")
    if call.word("reason") == "other":
        _required(call, "words", "Say whom or what we wait for, in your words.")
    return call.desk.pause(
        call.reference, reason=call.word("reason"), words=call.word("words"),
        until=_end_of_day(call), **call.asked,
    )  # fmt: skip


def _end_of_day(call: Call) -> datetime | None:
    """The last second of the day that was chosen, in the viewer's zone."""
    typed = call.word("until").strip()
    if not typed:
        return None
    try:
        day = datetime.fromisoformat(typed).date()
    except ValueError:
        raise Invalid("This is not a day (write it like 2026-03-31).", field="until") from None
    until = datetime.combine(day, time(23, 59, 59), tzinfo=call.viewer.zone)
    return texts.instant(until, field="until")


def _resume(call: Call) -> Done:
    return call.desk.resume(call.reference, **call.asked)


def _extend(call: Call) -> Done:
    check(lambda: _days(call), lambda: _why(call))
    return call.desk.extend(
        call.reference, days=_days(call), reason=call.word("reason"),
        words=call.word("words"), **call.asked,
    )  # fmt: skip


def _days(call: Call) -> int:
    typed = call.word("days").strip()
    if not _DAYS.fullmatch(typed) or not 1 <= int(typed) <= 365:
        raise Invalid("Write a number of days between 1 and 365.", field="days")
    return int(typed)


def _escalate(call: Call) -> Done:
    check(lambda: _to(call), lambda: _why(call))
    return call.desk.escalate(
        call.reference, to=call.word("to"), reason=call.word("reason"), words=call.word("words"),
        **call.asked,
    )  # fmt: skip


def _to(call: Call) -> None:
    if not call.word("to"):
        raise Invalid("Choose to whom.", field="to")


def _classify(call: Call) -> Done:
    severity = one_of(call.form, "severity", SEVERITIES, "Choose how severe it is.")
    return call.desk.classify(
        call.reference, severity=severity, category=call.word("category"),
        product=call.word("product"), **call.asked,
    )  # fmt: skip


def _record_fact(call: Call) -> Done:
    if not call.word("fact").strip():
        raise Invalid("Say which fact this is, such as nights or meter.", field="fact")
    name = texts.code(call.word("fact"), field="fact")
    facts = {name: texts.line(call.word("value"), field="value", limit=200)}
    return call.desk.record_incident(call.reference, facts=facts, **call.asked)


def _claim(call: Call) -> Done:
    guarantee = _required(call, "guarantee", "Choose which guarantee is claimed.")
    return call.claims.claim(call.reference, guarantee=guarantee, **call.asked)


def _withdraw(call: Call) -> Done:
    said = _required(call, "words", "Write down what the complainant said.")
    return call.desk.withdraw(call.reference, words=said, **call.asked)


def _reopen(call: Call) -> Done:
    _why(call)
    return call.desk.reopen(
        call.reference, reason=call.word("reason"), words=call.word("words"), **call.asked
    )


ACTS: dict[str, Callable[[Call], Done]] = {
    "acknowledgement": _acknowledge,
    "explanation": _explain,
    "compensation": _compensate,
    "closure": _close,
    "letters": _write,
    "messages": _hear,
    "notes": _note,
    "assignment": _assign,
    "release": _release,
    "pause": _pause,
    "resumption": _resume,
    "extension": _extend,
    "escalation": _escalate,
    "classification": _classify,
    "incident": _record_fact,
    "claims": _claim,
    "withdrawal": _withdraw,
    "reopening": _reopen,
    "merger": tying.merge,
    "separation": tying.unmerge,
    "link": tying.link,
    "unlinking": tying.unlink,
    "split": tying.split,
}
"""By the last part of the address that the form is sent to."""
