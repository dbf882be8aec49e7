"""How do payouts that wait for approval look to the person who may, or may not, approve them?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast
from zoneinfo import ZoneInfo

import msgspec
import psycopg
import sqlalchemy as sa

from projections.approvals import Sum
from projections.payouts import PayoutRow
from recovery import allowance
from recovery.approval import Answer
from recovery.authority import UNUSED, Approver, Used, authority_of, refusal, room
from recovery.compensating import zone_of
from recovery.money import Money
from recovery.policy.library import Policies
from recovery.proposing import Proposers
from recovery.reference import show
from recovery.store import Store
from web.pages import entries
from web.pages.owed import Owed, shown
from web.pages.sentences import translated
from web.pages.viewer import Viewer
from web.pages.words import labeller


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """One payout that waits, in the viewer's words."""

    owed: Owed
    basis: str
    proposer: str
    """Empty where nobody did: it follows from a guarantee."""
    why: str
    """Why a person has to decide."""
    barred: str
    """Why this viewer may not approve it; empty where they may."""


class Line(msgspec.Struct, frozen=True):
    """What became of one of those that were to be approved."""

    reference: str
    amount: str
    why: str


def waiting(
    conn: sa.Connection, rows: Sequence[PayoutRow], store: Store, policies: Policies, who: Approver,
    people: Mapping[str, str], viewer: Viewer,
) -> list[Waiting]:  # fmt: skip
    """The rows with what the viewer may do about each; one statement for each zone of a policy."""
    label = labeller(viewer.language)
    barred = _barred(conn, rows, store, policies, who)
    found: list[Waiting] = []
    for row, owed in zip(rows, shown(rows, viewer), strict=True):
        due = row.money.due
        guarantee = due.basis == "guarantee"
        found.append(Waiting(
            owed=owed, basis=label("basis", due.basis),
            proposer="" if guarantee else entries.who(due.by, people, viewer),
            why=label("waits", due.waits or due.basis),
            barred=translated(barred[row.payout], viewer) if barred[row.payout] else "",
        ))  # fmt: skip
    return found


def may_approve(
    conn: sa.Connection, rows: Sequence[PayoutRow], store: Store, policies: Policies, who: Approver
) -> list[PayoutRow]:
    """Those that this person may approve, each seen for itself."""
    barred = _barred(conn, rows, store, policies, who)
    return [row for row in rows if not barred[row.payout]]


def together(rows: Iterable[PayoutRow]) -> list[Sum]:
    """How much a choice is, by currency."""
    found: dict[str, Sum] = {}
    for row in rows:
        before = found.get(row.currency, Sum(row.currency, 0, row.owed * 0))
        found[row.currency] = Sum(row.currency, before.payouts + 1, before.amount + row.owed)
    return [found[currency] for currency in sorted(found)]


def lines(answers: Iterable[Answer], viewer: Viewer) -> Iterable[Line]:
    """Each as it comes."""
    for each in answers:
        amount = viewer.money(each.money) if each.money else ""
        why = translated(each.why, viewer) if each.why else ""
        yield Line(show(each.complaint) if each.complaint else "", amount, why)


def _barred(
    conn: sa.Connection, rows: Sequence[PayoutRow], store: Store, policies: Policies, who: Approver
) -> dict[str, str]:
    """By payout: why this person may not approve it, in English; empty where they may."""
    proposers = Proposers(store, policies, [(row.complaint, row.money.due) for row in rows])
    used: dict[str, Mapping[str, Used]] = {}
    found: dict[str, str] = {}
    for row in rows:
        due = row.money.due
        if why := proposers.why_not(row.complaint, due, who.by):
            found[row.payout] = why
            continue
        authority, policy = authority_of(policies, due.policy)
        zone = zone_of(policies, policy)
        limit = authority.limit(
            person=who.person, role=who.role, basis=due.basis, currency=row.currency
        )
        spent = UNUSED
        if limit is not None and (limit.per_complaint or limit.per_day):
            if zone.key not in used:
                used[zone.key] = _used(conn, who, rows, zone)
            spent = used[zone.key].get(row.complaint, UNUSED)
        left = room(authority, who, due.basis, row.currency, spent)
        found[row.payout] = refusal(left, Money(row.owed, row.currency))
    return found


def _used(
    conn: sa.Connection, who: Approver, rows: Sequence[PayoutRow], zone: ZoneInfo
) -> Mapping[str, Used]:
    raw = cast("psycopg.Connection[Any]", conn.connection.driver_connection)
    return allowance.used(raw, who.by, {row.complaint for row in rows}, zone)
