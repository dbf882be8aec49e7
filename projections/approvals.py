"""What waits for somebody's approval, of which kind, why, and how much is it together?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from decimal import Decimal

import msgspec
import sqlalchemy as sa

from projections.payouts import PayoutRow, chosen, table
from recovery.events import Waits
from recovery.money import Money
from recovery.policy.authority import Basis

_c = table.c
_DUE = _c.money["due"]
_DAY = sa.func.coalesce(_c.pay_by, sa.literal(date.max, sa.Date))


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which of them somebody wants to see; what is empty asks for nothing."""

    basis: Basis | str = ""
    waits: Waits | str = ""
    guarantee: str = ""
    currency: str = ""
    proposed_by: str = ""
    late_on: date | None = None
    """Whose pay-by day lies before this one."""
    not_by: str = ""
    """Proposed by anybody but this person, who may not approve them."""
    hidden: frozenset[str] = frozenset()
    """Complaints that whoever asks must not see."""

    @property
    def empty(self) -> bool:
        return self == Filter()


class Sum(msgspec.Struct, frozen=True):
    """Payouts of one currency, together."""

    currency: str
    payouts: int
    amount: Decimal

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


def waiting(
    conn: sa.Connection, asked: Filter, *, limit: int,
    after: tuple[date | None, str] | None = None,
) -> list[PayoutRow]:  # fmt: skip
    """What waits for a decision, the first pay-by day first, those without one last."""
    conditions = [*_conditions(asked)]
    if after is not None:
        seen = sa.tuple_(sa.literal(after[0] or date.max, sa.Date), sa.literal(after[1], sa.Text))
        conditions.append(sa.tuple_(_DAY, _c.payout) > seen)
    return chosen(conn, conditions, order=(_DAY, _c.payout), limit=limit)


def these(conn: sa.Connection, payouts: Sequence[str]) -> list[PayoutRow]:
    """Those of a choice that still wait."""
    wanted = [
        _c.stage == "owed",
        _c.payout == sa.any_(sa.literal(list(payouts), sa.ARRAY(sa.Text))),
    ]
    return chosen(conn, wanted, order=(_DAY, _c.payout), limit=len(payouts))


def about(conn: sa.Connection, payouts: Sequence[str], complaints: Collection[str]) -> set[str]:
    """Those of a choice that belong to one of these complaints."""
    return set(conn.scalars(
        sa.select(_c.payout).where(
            _c.payout == sa.any_(sa.literal(list(payouts), sa.ARRAY(sa.Text))),
            _c.complaint == sa.any_(sa.literal(list(complaints), sa.ARRAY(sa.Text))),
        )
    ))  # fmt: skip


def sums(conn: sa.Connection, asked: Filter) -> list[Sum]:
    """How many there are, and how much, by currency."""
    rows = conn.execute(
        sa.select(_c.currency, sa.func.count(), sa.func.sum(_c.owed))
        .where(*_conditions(asked))
        .group_by(_c.currency)
        .order_by(_c.currency)
    )
    return [Sum(*row) for row in rows]


def versions(conn: sa.Connection, asked: Filter) -> list[tuple[str, int]]:
    """All of them, by id and version, for whoever decides on all at once."""
    rows = conn.execute(
        sa.select(_c.payout, _c.version).where(*_conditions(asked)).order_by(_DAY, _c.payout)
    )
    return [(row[0], row[1]) for row in rows]


def kinds(conn: sa.Connection) -> list[tuple[str, str, str, str]]:
    """What there is to filter by: basis, guarantee, currency and proposer, each once together."""
    rows = conn.execute(
        sa.select(_basis(), _c.guarantee, _c.currency, _by()).where(_c.stage == "owed").distinct()
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def count(conn: sa.Connection) -> int:
    """How many wait."""
    return conn.scalar(sa.select(sa.func.count()).where(_c.stage == "owed")) or 0


def _basis() -> sa.ColumnElement[str]:
    return sa.func.coalesce(_DUE["basis"].astext, sa.literal_column("'guarantee'"))


def _by() -> sa.ColumnElement[str]:
    return sa.cast(_DUE["by"].astext, sa.Text)


def _conditions(asked: Filter) -> Iterator[sa.ColumnElement[bool]]:
    yield _c.stage == "owed"
    if asked.basis:
        yield _basis() == asked.basis
    if asked.waits:
        yield _DUE["waits"].astext == asked.waits
    if asked.guarantee:
        yield _c.guarantee == asked.guarantee
    if asked.currency:
        yield _c.currency == asked.currency
    if asked.proposed_by:
        yield _by() == asked.proposed_by
    if asked.late_on:
        yield _c.pay_by < asked.late_on
    if asked.hidden:
        yield _c.complaint.not_in(asked.hidden)
    if asked.not_by:
        yield _by() != asked.not_by
