"""What does an export tell of a payout?"""

from __future__ import annotations

from typing import Any

from projections.payouts import PayoutRow
from recovery.reference import show
from web.exporting.columns import Column, Kind, utc


def brief(row: PayoutRow) -> dict[str, Any]:
    """Of one, beside the complaint that it is owed for."""
    return {
        "id": row.payout, "guarantee": row.guarantee, "state": row.stage, "amount": row.total,
        "paid": row.paid, "currency": row.currency, "due_at": row.due_at, "pay_by": row.pay_by,
    }  # fmt: skip


def _row(name: str, kind: Kind = "text", of: str = "") -> Column[PayoutRow]:
    return Column(name, kind, lambda row: getattr(row, of or name))


def _instant(name: str) -> Column[PayoutRow]:
    return Column(name, "instant", lambda row: utc(getattr(row, name)))


COLUMNS: tuple[Column[PayoutRow], ...] = (
    _row("id", of="payout"), Column("complaint", "text", lambda row: show(row.complaint)),
    _row("guarantee"), Column("basis", "text", lambda row: row.money.due.basis),
    _row("occurrence"), _row("state", of="stage"), _row("amount", "money", "total"),
    _row("currency"), _row("owed", "money"), _row("approved", "money"),
    _row("instructed", "money"), _row("paid", "money"), _row("declined", "money"),
    _instant("due_at"), _row("pay_by", "day"), _row("accrues_until"),
    Column("waits", "text", lambda row: row.money.due.waits), _instant("changed_at"),
    _row("payment"), _row("policy"), _row("policy_version"), _row("version", "whole"),
)  # fmt: skip
