"""How does a typed value of a spreadsheet, Parquet file or JSON document read as text?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from web.importing.readers import normalise, problem


class NotText(Exception):
    """The value cannot stand in a cell; the text says why."""


def text(value: Any) -> str:
    """The value as a person would have written it in CSV; raises NotText."""
    match value:
        case None:
            return ""
        case str():
            found = value
        case bool():
            found = "true" if value else "false"
        case float():
            found = _number(value)
        case datetime() | date() | time():
            found = value.isoformat()
        case Decimal():
            found = format(value, "f")
        case int() | timedelta():
            found = str(value)
        case bytes():
            found = _decoded(value)
        case list() if any(isinstance(v, dict) for v in value):
            found = msgspec.json.encode(value, enc_hook=str).decode()
        case list() | tuple():
            found = ", ".join(text(v) for v in value)
        case _:
            raise NotText(f"a cell holds a {type(value).__name__}")
    if why := problem(found):
        raise NotText(why)
    return found


def flat(record: Mapping[str, Any], prefix: str = "", depth: int = 0) -> dict[str, str]:
    """Cells by normalised name; "complainant": {"name": …} gives complainantname."""
    if depth > 4:
        raise NotText("its objects are nested too deeply")
    cells: dict[str, str] = {}
    for name, value in record.items():
        key = prefix + normalise(name)
        cells |= flat(value, key, depth + 1) if isinstance(value, dict) else {key: text(value)}
    return cells


def _number(value: float) -> str:
    if math.isnan(value):
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)


def _decoded(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise NotText("a cell holds bytes that are not UTF-8") from None
