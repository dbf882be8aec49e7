"""How does the desk stand with what it owes: the books, how old it is, and what still grows?"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa

from projections import payout_report
from projections.payout_ageing import Bucket, ageing
from projections.payout_forecast import Exposure, exposure
from projections.payout_report import Report
from recovery.policy.library import Policies


class Position(Report, frozen=True):
    """The report on payouts, as pages, programs and the command line tell it."""

    ageing: tuple[Bucket, ...] = ()
    exposure: tuple[Exposure, ...] = ()


def position(conn: sa.Connection, policies: Policies, *, now: datetime, zone: str) -> Position:
    """All of it, as of now; `zone` says which day that is and where months begin."""
    today = now.astimezone(ZoneInfo(zone)).date()
    books = payout_report.report(conn, today=today, zone=zone)
    return Position(
        **msgspec.structs.asdict(books), ageing=tuple(ageing(conn, today=today)),
        exposure=tuple(exposure(conn, policies, now=now)),
    )  # fmt: skip
