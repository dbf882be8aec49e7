"""How are payments, and what became of them, written as a table (CSV)?

The columns are documented in docs/paying.md. No cell that we write is a formula to a spreadsheet.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from recovery.errors import Invalid
from recovery.paying.account import Iban, OtherAccount, UkAccount
from recovery.paying.records import Instruction, Line, Statement, Unmatched
from web.importing.readers import BadRow, Row, Unreadable, normalise, open_table
from web.paying.answers import REQUIRED, answer
from web.spreadsheets import disarmed

COLUMNS = (
    "payment", "amount", "currency", "pay_on", "name", "iban", "bic", "sort_code",
    "account_number", "account_scheme", "reference", "words",
)  # fmt: skip


def write(file: BinaryIO, instructions: Sequence[Instruction]) -> None:
    """Write a table of payments in UTF-8."""
    text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
    table = csv.writer(text)
    table.writerow(COLUMNS)
    table.writerows([disarmed(cell) for cell in _cells(i)] for i in instructions)
    text.detach()


def _cells(instruction: Instruction) -> tuple[str, ...]:
    account, money = instruction.payee.account, instruction.money
    iban = account.iban if isinstance(account, Iban) else ""
    bic = "" if isinstance(account, UkAccount) else account.bic
    sort_code = account.sort_code if isinstance(account, UkAccount) else ""
    number = "" if isinstance(account, Iban) else account.number
    scheme = account.scheme if isinstance(account, OtherAccount) else ""
    return (
        instruction.payment, format(money.amount, "f"), money.currency,
        instruction.on.isoformat(), instruction.payee.name, iban, bic, sort_code, number, scheme,
        instruction.reference, instruction.words,
    )  # fmt: skip


def read(path: Path) -> Statement:
    """The answers in a table; raises Invalid where it is none."""
    try:
        table = open_table(path)
        names = {normalise(name) for name in table.columns}
        missing = [name for name in REQUIRED if normalise(name) not in names]
        if missing:
            raise Invalid(f"The table has no column {missing[0]!r}.", field="file")
        lines = tuple(_line(row) for row in table.rows())
    except Unreadable as error:
        raise Invalid(str(error), field="file") from None
    return Statement(form="csv", id="", lines=lines)


def _line(row: Row | BadRow) -> Line:
    where = f"row {row.number}"
    if isinstance(row, BadRow):
        return Unmatched(reason=f"This row cannot be read: {row.reason}.", where=where)
    cells = {name: cell.strip() for name, cell in row.cells.items()}
    try:
        return answer(cells, source=cells.get("source") or where)
    except Invalid as error:
        return Unmatched(reason=str(error), where=where, payment=cells["payment"][:35])
