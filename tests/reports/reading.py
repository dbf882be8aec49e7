"""The figures of a report, read from wherever it was told."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser
from typing import Any

PROMISES = (
    "attainment", "met", "breached", "breached_open", "running", "paused", "cancelled",
    "not_known", "without_promise",
)  # fmt: skip
TIMES = (
    "median", "p90", "p95", "known", "open", "ended_without", "not_known", "before_received",
)  # fmt: skip
Figures = dict[str, list[tuple[float | None, ...]]]
"""By table: the figures of each row, in order."""


class _Tables(HTMLParser):
    """The machine-readable values of each cell that holds a figure."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, list[list[float | None]]] = {}
        self._table = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "table":
            self._table = (given.get("id") or "").removeprefix("table-")
            self.found[self._table] = []
        elif self._table and tag == "tr":
            self.found[self._table].append([])
        elif self._table and tag == "td" and "number" in (given.get("class") or ""):
            self.found[self._table][-1].append(None)
        elif self._table and tag == "data":
            self.found[self._table][-1][-1] = float(given["value"] or "nan")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._table = ""


def on_page(html: str) -> Figures:
    rows = {
        table: [tuple(row) for row in found if row] for table, found in _Tables(html).found.items()
    }
    return {"promises": [], **rows}


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
