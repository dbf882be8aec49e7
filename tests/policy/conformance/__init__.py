"""The ways in which other helpdesks get promises of time wrong, each with a story of its own.

`test_conformance.py` runs the rows; `page.py` writes docs/conformance.md from them.
"""

from __future__ import annotations

from tests.policy.conformance import alarms, answers, changes, counting
from tests.policy.conformance.row import FOUND, Row

__all__ = ["ROWS", "Row", "alarms", "answers", "changes", "counting"]

ROWS = tuple(sorted(FOUND, key=lambda row: row.number))
