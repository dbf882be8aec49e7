"""How is a table of areas looked at before it is kept, without keeping it anywhere meanwhile?

What was read travels with the page and comes back with the button; it is checked again then.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import msgspec

from recovery import text as texts
from recovery.areas import Content
from recovery.errors import Invalid
from web.fairness.areas import AreaTable, read
from web.importing.readers import Unreadable

LARGEST = 16 * 1_048_576
"""Bytes of a file."""
UNPACKED = 8 * LARGEST
SHOWN = 10
"""Areas of the table that are shown before it is kept."""


def taken(file: BinaryIO, name: str, *, key: str, pad: str) -> AreaTable:
    """The table in an uploaded file; raises Invalid with what is wrong with it."""
    width = texts.whole(pad) if pad else 0
    if width is None or width > 20:
        raise Invalid("Write how many digits the codes have, like 5.", field="pad")
    with TemporaryDirectory(prefix="recovery-") as folder:
        path = Path(folder) / f"areas{_ending(name)}"
        with path.open("wb") as copy:
            while piece := file.read(1 << 20):
                copy.write(piece)
        try:
            return read(path, key=key, pad=width)
        except Unreadable as wrong:
            raise Invalid(str(wrong).replace(f"{path}: ", ""), field="file") from None


def packed(content: Content) -> str:
    """The table as a field of a form."""
    return base64.b64encode(zlib.compress(msgspec.json.encode(content))).decode()


def unpacked(field: str) -> Content:
    """Raises Invalid for what no page of ours holds."""
    try:
        found = zlib.decompressobj().decompress(base64.b64decode(field, validate=True), UNPACKED)
        return msgspec.json.decode(found, type=Content)
    except (binascii.Error, zlib.error, msgspec.DecodeError, ValueError):
        raise Invalid("Choose the file again: what was read of it is lost.", field="file") from None


def _ending(name: str) -> str:
    """Of the formats that are read; anything else is taken for CSV."""
    found = Path(name).suffix.lower()
    return found if found in (".tsv", ".xlsx", ".parquet", ".jsonl") else ".csv"
