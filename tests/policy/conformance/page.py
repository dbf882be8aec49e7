"""Writes docs/conformance.md from the rows: python -m tests.policy.conformance.page"""

from __future__ import annotations

from pathlib import Path

from tests.policy.conformance import ROWS, Row

PAGE = Path(__file__).parents[3] / "docs" / "conformance.md"
HEAD = """# Conformance

Each row is a failure that the users or the source of another helpdesk report, and a test of ours
(`tests/policy/test_conformance.py`) that holds what is right. The page is written from the tests:
`python -m tests.policy.conformance.page`.

| # | scenario | what is right | who fails | held on pages and in the database by |
|---|---|---|---|---|
"""


def written() -> str:
    """The page as the rows have it."""
    lines = (
        f"| {r.number} | {r.scenario} | {r.expected} | {r.peer} | {_tests(r)} |\n" for r in ROWS
    )
    return HEAD + "".join(lines)


def _tests(row: Row) -> str:
    return ", ".join(f"`{test.partition('::')[2]}`" for test in row.also)


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
