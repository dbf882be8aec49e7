"""How does the report on payouts look on a terminal?"""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from projections.ledger import ACCOUNTS
from projections.payout_report import Report


def show(report: Report) -> None:
    """The books by month and guarantee, and what is on its way."""
    console = Console()
    console.width = max(console.width, 132)
    if not report.lines:
        console.print("No guarantee has owed anybody anything yet.")
        return
    books = Table(title="By month and guarantee")
    for name in ("month", "policy", "guarantee", "currency"):
        books.add_column(name)
    for name in ACCOUNTS:
        books.add_column(name.replace("_", " "), justify="right")
    for line in report.lines:
        amounts = (f"{getattr(line, name):,f}" for name in ACCOUNTS)
        books.add_row(line.month, line.policy, line.guarantee, line.currency, *amounts)
    console.print(books)
    waiting = Table(title=f"On its way, as of {report.today.isoformat()}")
    for name in ("stage", "currency", "payouts", "amount", "late", "late amount", "first day"):
        waiting.add_column(name)
    for each in report.waiting:
        waiting.add_row(
            each.stage, each.currency, f"{each.payouts:,}", f"{each.amount:,f}",
            f"{each.late:,}", f"{each.late_amount:,f}",
            each.first_day.isoformat() if each.first_day else "",
        )  # fmt: skip
    console.print(waiting)
