"""What does an export tell of a complaint?

Under the column names of the mapping `generic`, so that another desk reads it in again. Codes,
instants and amounts; the complainant's words and address only in the columns of `WORDS`.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from projections.everything import Whole
from recovery.policy.clocks import Clock
from recovery.reference import show
from recovery.vault import Contact, Words
from web.exporting.columns import Column, Kind, utc
from web.exporting.payouts import brief

ATTRIBUTES = ("region", "country", "company", "branch")
"""Those that `generic` has columns for; the others stand together in one."""


class Told(msgspec.Struct, frozen=True):
    """A complaint as of an instant, and of its papers what was asked for and is still there."""

    whole: Whole
    as_of: datetime
    words: Words | None = None
    contact: Contact | None = None


def _ticket(name: str, kind: Kind = "text") -> Column[Told]:
    return Column(name, kind, lambda told: getattr(told.whole.ticket, name))


def _instant(name: str) -> Column[Told]:
    return Column(name, "instant", lambda told: utc(getattr(told.whole.ticket, name)))


def _attribute(name: str) -> Column[Told]:
    return Column(name, "text", lambda told: told.whole.ticket.attributes.get(name))


def _words(name: str, of: str) -> Column[Told]:
    return Column(name, "text", lambda told: told.words and getattr(told.words, of))


def _contact(name: str) -> Column[Told]:
    return Column(name, "text", lambda told: told.contact and getattr(told.contact, name))


def _ended(stage: str) -> Column[Told]:
    """When it came to this end; an undated one has no instant."""

    def of(told: Told) -> datetime | None:
        ticket = told.whole.ticket
        return utc(ticket.closed_at) if ticket.stage == stage else None

    return Column(f"{stage}_at", "instant", of)


def _compensated_at(told: Told) -> datetime | None:
    return utc(max((each.at for each in told.whole.granted if each.at), default=None))


def _sums(told: Told) -> dict[str, Decimal]:
    """What was granted on it, by currency."""
    sums: dict[str, Decimal] = {}
    for each in told.whole.granted:
        if each.money:
            money = each.money
            sums[money.currency] = sums.get(money.currency, Decimal(0)) + money.amount
    return sums


def _amount(told: Told) -> Decimal | None:
    """The sum, where it is of one currency."""
    sums = _sums(told)
    return next(iter(sums.values())) if len(sums) == 1 else None


def _currency(told: Told) -> str | None:
    sums = _sums(told)
    return next(iter(sums)) if len(sums) == 1 else None


def _others(told: Told) -> dict[str, str]:
    attributes = told.whole.ticket.attributes
    return {name: value for name, value in attributes.items() if name not in ATTRIBUTES}


def _clock(clock: Clock, as_of: datetime) -> dict[str, Any]:
    """A promise that runs and was due by then is broken, whether somebody has noticed or not."""
    late = clock.state == "running" and clock.due is not None and clock.due < as_of
    return {
        "clock": clock.name, "cycle": clock.cycle, "state": clock.state, "target": clock.target,
        "started_at": clock.started_at, "due": clock.due, "stopped_at": clock.stopped_at,
        "met": False if late else clock.met,
    }  # fmt: skip


def _clocks(told: Told) -> list[dict[str, Any]]:
    return [_clock(clock, told.as_of) for clock in told.whole.ticket.clocks]


def _compensations(told: Told) -> list[dict[str, Any]]:
    return [
        {"at": each.at, "kind": each.kind, "payout": each.payout,
         "amount": each.money and each.money.amount,
         "currency": each.money and each.money.currency}
        for each in told.whole.granted
    ]  # fmt: skip


COLUMNS: tuple[Column[Told], ...] = (
    Column("reference", "text", lambda told: show(told.whole.ticket.reference)),
    _instant("received_at"), _instant("recorded_at"), _ticket("channel"), _ticket("language"),
    _ticket("category"), _ticket("product"), _ticket("severity"), _ticket("tier"),
    *map(_attribute, ATTRIBUTES), Column("attributes", "json", _others), _ticket("stage"),
    _ticket("open", "truth"), _ticket("cycle", "whole"), _ticket("outcome"),
    _instant("acknowledged_at"), _instant("explained_at"),
    Column("compensated_at", "instant", _compensated_at), _ended("closed"), _ended("withdrawn"),
    Column("amount", "money", _amount), Column("currency", "text", _currency),
    _instant("next_due"), _ticket("paused", "truth"), _ticket("pause_reason"),
    _instant("paused_until"), _instant("unanswered_since"), _ticket("assignee"),
    _ticket("escalated_to"), _ticket("complainant"),
    Column("desired_outcomes", "json", lambda told: told.whole.ticket.desired_outcomes),
    Column("merged_into", "text", lambda told: _shown(told.whole.ticket.ties.into)),
    _ticket("policy"), _ticket("policy_version"), _ticket("source"), _ticket("flags", "json"),
    _ticket("version", "whole"), Column("clocks", "json", _clocks),
    Column("compensations", "json", _compensations),
    Column("payouts", "json", lambda told: [brief(row) for row in told.whole.payouts]),
)  # fmt: skip
WORDS: tuple[Column[Told], ...] = (
    _words("subject", "subject"), _words("description", "text"), _contact("name"),
    _contact("email"), _contact("phone"), _contact("address"),
)  # fmt: skip
"""What is personal; empty of whoever was forgotten."""


def _shown(reference: str) -> str | None:
    return show(reference) if reference else None
