"""What does the SLA report say to programs and spreadsheets? The same figures to both."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC
from typing import Any

import msgspec

from projections.sla import Group, Kept, Report
from projections.sla_times import Taken
from recovery.errors import Invalid
from web.spreadsheets import BYTE_ORDER_MARK, disarmed

PROMISES = ("received", *(f.name for f in msgspec.structs.fields(Kept)))
TIMES = ("received", *(f.name for f in msgspec.structs.fields(Taken)))
TABLES: dict[str, tuple[str, ...]] = {
    "promises": PROMISES, "times": TIMES, "open": ("open", "kind", "bucket", "complaints"),
}  # fmt: skip
"""Names of the tables, and their columns after `scope` and `group`."""


def as_json(report: Report) -> dict[str, Any]:
    """The whole report; times are seconds, instants ISO 8601 in UTC."""
    question = report.question
    return {
        "as_of": question.as_of.astimezone(UTC),
        "zone": question.zone,
        "from": question.since,
        "to": question.until,
        "by": question.by or None,
        "filters": question.filters,
        "all": report.all,
        "groups": report.groups,
        "others": report.others,
        "left_out": {
            "receipt_not_known": report.receipt_not_known,
            "received_later": report.received_later,
        },
    }


def as_csv(report: Report, table: str) -> str:
    """One table of the report; raises Invalid for one that there is not."""
    if table not in TABLES:
        raise Invalid(f"There is no {table[:40]!r} (there are {', '.join(TABLES)}).", field="table")
    lines = io.StringIO(BYTE_ORDER_MARK, newline="")
    lines.seek(0, io.SEEK_END)
    writer = csv.writer(lines)
    writer.writerow(("scope", "group", *TABLES[table]))
    for scope, group in scopes(report):
        for row in _rows(group, table):
            writer.writerow((scope, disarmed(group.name), *map(_cell, row)))
    return lines.getvalue()


def file_name(report: Report, table: str) -> str:
    """Which table, and as of when."""
    as_of = report.question.as_of.astimezone(UTC)
    return f"sla-{table}-{as_of:%Y%m%dT%H%M%SZ}.csv"


def scopes(report: Report) -> Iterator[tuple[str, Group]]:
    """Everything, then each group, then the others."""
    yield "all", report.all
    for group in report.groups:
        yield "group", group
    if report.others:
        yield "others", report.others


def _rows(group: Group, table: str) -> Iterator[tuple[Any, ...]]:
    match table:
        case "promises":
            yield from ((group.received, *msgspec.structs.astuple(row)) for row in group.promises)
        case "times":
            yield from ((group.received, *msgspec.structs.astuple(row)) for row in group.times)
        case _:
            for kind, buckets in (("age", group.ages), ("due", group.dues)):
                yield from ((group.open, kind, name, n) for name, n in buckets.items())


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return disarmed(value) if isinstance(value, str) else value
