"""What do answers say that came as a file, whatever its form?"""

from __future__ import annotations

from pathlib import Path

from recovery.errors import Invalid
from recovery.paying.records import Statement
from web.paying import camt, sheets

LARGEST = 64 * 1024 * 1024
"""Bytes of a file."""
_XML = (b"<", b"\xff\xfe<\x00", b"\xfe\xff\x00<")


def read(path: Path) -> Statement:
    """A bank's camt.053 or camt.054, or a table; raises Invalid with why a file is refused."""
    size = path.stat().st_size
    if size > LARGEST:
        raise Invalid(
            f"This file has {size / 1e6:,.0f} MB; the most we can take is {LARGEST / 1e6:,.0f}.",
            field="file",
        )
    with path.open("rb") as file:
        head = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
    return camt.read(path) if head.startswith(_XML) else sheets.read(path)
