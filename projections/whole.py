"""What stands on a complaint's page beside its history? Asked in one statement."""

from __future__ import annotations

from datetime import datetime
from functools import cache

import msgspec
import sqlalchemy as sa

from projections import payouts, refusals
from projections.asking import Question
from projections.payouts import PayoutRow
from projections.queue import Ticket, table
from recovery.complaint_state import Stage

MOST_OTHERS = 20


class Other(msgspec.Struct, frozen=True, array_like=True):
    """Another complaint of the same complainant."""

    reference: str
    stage: Stage
    received_at: datetime | None


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    """One complaint's row, and what else stands beside it on every page."""

    ticket: Ticket
    payouts: list[PayoutRow]
    """What it is owed and was paid."""
    refused: str | None
    """Why nothing is sent to the complainant's address, where it refused letters for good."""
    others: list[Other]
    """Of the same complainant, the latest first."""


_ticket = msgspec.json.Decoder(Ticket).decode
_others = msgspec.json.Decoder(list[Other]).decode


def ticket(conn: sa.Connection, reference: str) -> Ticket | None:
    """One complaint's row."""
    found = whole(conn, reference)
    return found.ticket if found else None


def whole(conn: sa.Connection, reference: str) -> Whole | None:
    """The same with what stands beside it, in one statement."""
    [*found] = _whole().rows(conn, {"reference": reference})
    if not found:
        return None
    [[row, owed, refused, others]] = found
    return Whole(
        ticket=_ticket(row), payouts=payouts.read_together(owed), refused=refused,
        others=_others(others),
    )  # fmt: skip


@cache
def _whole() -> Question:
    columns = [table.c[f.name] for f in msgspec.structs.fields(Ticket)]
    given: sa.BindParameter[str] = sa.bindparam("reference")
    row = sa.select(*columns).where(table.c.reference == given).subquery("r")
    whole = sa.cast(sa.func.row_to_json(sa.literal_column("r")), sa.Text)
    refused = refusals.reason(row.c.complainant)
    beside = (payouts.together(given), refused, _others_of(row))
    return Question(sa.select(whole, *beside).select_from(row))


def _others_of(row: sa.Subquery) -> sa.ScalarSelect[str]:
    o = table.alias("o").c
    latest = (
        sa.select(o.reference, o.stage, o.received_at)
        .where(o.complainant == row.c.complainant, o.reference != row.c.reference)
        .order_by(o.received_at.desc().nulls_last(), o.reference)
        .limit(sa.literal_column(str(MOST_OTHERS), sa.Integer)).correlate(row).subquery("others")
    )  # fmt: skip
    every = sa.func.json_agg(
        sa.func.json_build_array(latest.c.reference, latest.c.stage, latest.c.received_at)
    )
    text = sa.cast(sa.func.coalesce(every, sa.literal_column("'[]'::json")), sa.Text)
    return sa.select(text).select_from(latest).scalar_subquery()
