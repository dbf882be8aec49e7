"""The figures of a report, read from wherever it was told."""

from __future__ import annotations

import csv
import io
from typing import Any

from lxml import html

PROMISES = (
    "attainment", "met", "breached", "breached_open", "running", "paused", "cancelled",
    "not_known", "without_promise",
)  # fmt: skip
TIMES = (
    "median", "p90", "p95", "known", "open", "ended_without", "not_known", "before_received",
)  # fmt: skip
CELLS = "td[contains(@class, 'number')]"
Figures = dict[str, list[tuple[float | None, ...]]]
"""By table: the figures of each row, in order."""


def on_page(text: str) -> Figures:
    """The machine-readable values of each cell that holds a figure."""
    found = {
        table.get("id", "").removeprefix("table-"): [
            tuple(map(_figure, cells)) for row in table.iter("tr") if (cells := row.xpath(CELLS))
        ]
        for table in html.document_fromstring(text).iter("table")
    }
    return {"promises": [], **found}


def _figure(cell: Any) -> float | None:
    given = [each.get("value") or "nan" for each in cell.iter("data")]
    return float(given[-1]) if given else None


def in_files(text_of: Any) -> Figures:
    """`text_of(table)` gives the text of one file."""
    return {
        "promises": [_of_row(row, PROMISES) for row in _rows(text_of("promises"))],
        "times": [_of_row(row, TIMES) for row in _rows(text_of("times"))],
        **{
            kind: [
                _of_row(row, ("complaints",)) for row in _rows(text_of("open"))
                if row["kind"] == kind
            ]
            for kind in ("age", "due")
        },
    }  # fmt: skip


def in_json(report: dict[str, Any]) -> Figures:
    groups = [report["all"], *report["groups"], *filter(None, [report["others"]])]
    return {
        "promises": [_of_row(row, PROMISES) for g in groups for row in g["promises"]],
        "times": [_of_row(row, TIMES) for g in groups for row in g["times"]],
        **{
            kind: [(float(n),) for g in groups for n in g[buckets].values()]
            for kind, buckets in (("age", "ages"), ("due", "dues"))
        },
    }


def without_empty_buckets(figures: Figures) -> Figures:
    """As the page tells a divided report."""
    return figures | {kind: [row for row in figures[kind] if row[0]] for kind in ("age", "due")}


def _rows(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def _of_row(row: Any, names: tuple[str, ...]) -> tuple[float | None, ...]:
    return tuple(None if row[name] in ("", None) else float(row[name]) for name in names)
