"""What is a column of an export: its name, what it holds, and where that comes from?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, Literal, TypeVar

T = TypeVar("T")
Kind = Literal["text", "whole", "money", "instant", "day", "truth", "json"]
"""Instants in UTC, amounts exact; `json` is a list or an object."""


@dataclass(frozen=True)
class Column(Generic[T]):
    """One column; `of` gives its value, None where there is none."""

    name: str
    kind: Kind
    of: Callable[[T], Any]


def table(columns: Sequence[Column[T]], found: Iterable[T]) -> list[tuple[Any, ...]]:
    """A row of values for each that was found."""
    return [tuple(column.of(each) for column in columns) for each in found]


def utc(at: datetime | None) -> datetime | None:
    return at.astimezone(UTC) if at else None
