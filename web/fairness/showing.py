"""How does a cell of an audit's table look?"""

from __future__ import annotations

from web.fairness.quantities import Say, span
from web.fairness.tables import Cell, Table


def shown(table: Table, column: str, value: Cell, say: Say) -> str:
    """The value in words and figures that a person reads; a dash where there is none."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return say(value) if column in ("verdict", "four_fifths", "test", "place") else value
    if column in table.shares:
        return f"{value * 100:.1f}%"
    if column in table.lengths:
        sign = "−" if value < 0 else ""
        return sign + span(abs(value), say, worked=table.worked)
    if column.endswith("p") and column != "p_up":
        return f"{value:.2g}" if value >= 0.0001 else "< 0.0001"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.3f}".rstrip("0").rstrip(".")
