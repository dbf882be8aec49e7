"""How does money that is owed look to somebody who has to see that it is paid?"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from projections.payout_report import WAITING
from projections.payouts import PayoutRow
from recovery.money import Money
from recovery.reference import show
from web.pages.tracing import steps
from web.pages.viewer import Viewer
from web.pages.words import labeller

LOOKS = {
    "accruing": ("soon", "clock"), "owed": ("soon", "gift"), "approved": ("accent", "check"),
    "instructed": ("accent", "mail"), "overpaid": ("late", "late"), "paid": ("good", "check"),
    "declined": ("still", "closed"), "void": ("still", "closed"),
}  # fmt: skip
"""Tone and icon by stage; the words are those of `LABELS`."""


class Owed(msgspec.Struct, frozen=True, kw_only=True):
    """One payout, in the viewer's words."""

    id: str
    version: int
    reference: str
    stage: str
    name: str
    amount: str
    tone: str
    mark: str
    words: str
    pay_by: str
    late: bool
    steps: list[str]
    signs: list[tuple[str, list[str]]] = []
    """What looks like abuse, and the other complaints it is seen in."""


def shown(rows: Iterable[PayoutRow], viewer: Viewer) -> list[Owed]:
    return [_shown(row, viewer) for row in rows]


def _shown(row: PayoutRow, viewer: Viewer) -> Owed:
    label = labeller(viewer.language)
    tone, mark = LOOKS[row.stage]
    late = row.stage in WAITING and row.pay_by is not None and row.pay_by < viewer.today
    return Owed(
        id=row.payout, version=row.version, reference=show(row.complaint), stage=row.stage,
        name=label("guarantee", row.guarantee),
        amount=viewer.money(Money(row.total, row.currency)), tone=tone, mark=mark,
        words=label("payout", row.stage),
        pay_by=viewer.day(row.pay_by) if row.pay_by else "", late=late,
        steps=steps(row.money.due.trace, row.currency, viewer),
        signs=[
            (label("sign", each.kind), [
                show(one) for one in each.complaints if one not in viewer.hidden
            ])
            for each in row.money.signs
        ],
    )  # fmt: skip
