"""What do the reports on money say to a spreadsheet? The same figures as the page."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from projections.ledger import ACCOUNTS
from projections.payout_drill import Behind
from projections.payout_forecast import AHEAD
from projections.payout_position import Position
from recovery.errors import Invalid
from recovery.reference import show
from web.spreadsheets import BYTE_ORDER_MARK, disarmed

TABLES = ("balances", "books", "ageing", "exposure")


def as_csv(found: Position, table: str) -> str:
    """One table of the report; raises Invalid for one that there is not."""
    match table:
        case "balances":
            columns: Sequence[str] = ("currency", *ACCOUNTS)
            rows: Iterable[Sequence[Any]] = (
                (currency, *(sums[name] for name in ACCOUNTS))
                for currency, sums in found.balances.items()
            )
        case "books":
            columns = ("month", "policy", "guarantee", "currency", *ACCOUNTS)
            rows = ([getattr(line, name) for name in columns] for line in found.lines)
        case "ageing":
            columns = ("age", "currency", "payouts", "amount")
            rows = ([getattr(bucket, name) for name in columns] for bucket in found.ageing)
        case "exposure":
            columns = ("currency", "payouts", "now", *(f"in_{days}_days" for days in AHEAD),
                       "looked_at")  # fmt: skip
            rows = (
                (e.currency, e.payouts, e.now, *(e.ahead.get(d, "") for d in AHEAD), e.looked_at)
                for e in found.exposure
            )
        case _:
            raise Invalid(
                f"There is no {table[:40]!r} (there are {', '.join(TABLES)}).", field="table"
            )
    return _written(columns, rows)


def behind_as_csv(rows: Iterable[Behind]) -> str:
    """The payouts behind a number."""
    columns = ("payout", "reference", "guarantee", "policy", "stage", "pay_by", "currency",
               "amount")  # fmt: skip
    return _written(
        columns,
        ((r.payout, show(r.complaint), r.guarantee, r.policy, r.stage, r.pay_by or "", r.currency,
          r.amount) for r in rows),
    )  # fmt: skip


def _written(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = io.StringIO(BYTE_ORDER_MARK, newline="")
    lines.seek(0, io.SEEK_END)
    writer = csv.writer(lines)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return lines.getvalue()


def _cell(value: Any) -> str:
    """Amounts as they are: a minus sign before one is no formula."""
    return disarmed(value) if isinstance(value, str) else str(value)
