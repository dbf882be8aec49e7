"""How did an amount come about, in words?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from recovery.money import Money
from recovery.policy.guarantees.trace import Step, StepKind
from recovery.reference import show
from web.i18n import mark
from web.pages.clockface import target
from web.pages.viewer import Viewer
from web.pages.words import labeller

SENTENCES: dict[StepKind, str] = {
    "fixed": mark("%(amount)s, as the policy says"),
    "rate": mark("%(amount)s, the rate since %(since)s, for %(on)s"),
    "share": mark("%(share)s of %(base)s (%(of)s) is %(amount)s"),
    "periods": mark("%(count)s × %(every)s from %(begin)s, at %(each)s, is %(amount)s"),
    "steps": mark("%(count)s × %(every)s beyond %(beyond)s (%(of)s), at %(each)s, is %(amount)s"),
    "sum": mark("together %(amount)s"),
    "greatest": mark("the greatest of them is %(amount)s"),
    "at_least": mark("raised to the least that is paid, %(amount)s"),
    "at_most": mark("cut to the most that is paid, %(amount)s"),
    "reduced": mark("only a part (%(reason)s): %(amount)s"),
    "rounded": mark("rounded to %(amount)s"),
    "for_each": mark("%(count)s × %(each)s (%(of)s) is %(amount)s"),
    "a_year": mark(
        "the year's limit of %(limit)s: %(used)s given already for %(complaints)s, %(amount)s left"
    ),
}


def steps(trace: Iterable[Step], currency: str, viewer: Viewer) -> list[str]:
    """A sentence for each step; each amount is in the currency of the payout."""
    found, before = [], Decimal(0)
    for step in trace:
        values = {name: _value(name, text, currency, viewer) for name, text in step.values.items()}
        values["amount"] = viewer.money(Money(step.gives, currency))
        values["each"] = viewer.money(Money(before, currency))
        found.append(viewer.say(SENTENCES[step.kind]) % values)
        before = step.gives
    return found


def _value(name: str, text: str, currency: str, viewer: Viewer) -> str:
    """What a step says under a name, as `docs/guarantees.md` lists them."""
    match name:
        case "every":
            return target(text, viewer.language)
        case "complaints":
            shown = ", ".join(show(each) for each in text.split())
            return shown or viewer.say("this complaint")
        case "of":
            return labeller(viewer.language)("fact", text)
        case "base" | "limit" | "used":
            return viewer.money(Money(Decimal(text), currency))
        case "begin" | "on" | "since" if "T" in text:
            return viewer.short(datetime.fromisoformat(text))
        case "begin" | "on" | "since":
            return viewer.day(date.fromisoformat(text))
        case _:
            return text
