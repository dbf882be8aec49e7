"""Small files of complaints in every format."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pyarrow
import pyarrow.parquet

Table = Sequence[dict[str, str]]

ROWS: Table = [
    {
        "Complaint ID": "501", "Date received": "2015-03-19", "Date sent to company": "2015-03-20",
        "Product": "Mortgage", "Issue": "Loan servicing, payments", "State": "MA",
        "ZIP code": "2127", "Submitted via": "Web",
        "Company response to consumer": "Closed with explanation", "Consumer disputed?": "Yes",
        "Consumer complaint narrative": 'They said "wait".\nI waited; a month — 月.',
    },
    {
        "Complaint ID": "502", "Date received": "2015-03-20", "Date sent to company": "",
        "Product": "Debt collection", "Issue": "Debt is not mine", "State": "TX",
        "ZIP code": "76119", "Submitted via": "Postal mail",
        "Company response to consumer": "In progress", "Consumer disputed?": "",
        "Consumer complaint narrative": "",
    },
]  # fmt: skip


def delimited(delimiter: str, encoding: str = "utf-8") -> Callable[[Path, Table], None]:
    def write(path: Path, rows: Table) -> None:
        with path.open("w", newline="", encoding=encoding) as file:
            writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
            writer.writeheader()
            writer.writerows(rows)

    return write


def workbook(path: Path, rows: Table) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append([value or None for value in row.values()])
    book.save(path)


def parquet(path: Path, rows: Table) -> None:
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(list(rows)), path)


def json_lines(path: Path, rows: Table) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


FORMATS: dict[str, Callable[[Path, Table], None]] = {
    "comma.csv": delimited(","),
    "semicolon.csv": delimited(";"),
    "tab.tsv": delimited("\t"),
    "mark.csv": delimited(",", "utf-8-sig"),
    "wide.csv": delimited("\t", "utf-16"),
    "book.xlsx": workbook,
    "file.parquet": parquet,
    "lines.jsonl": json_lines,
}
