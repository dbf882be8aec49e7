"""Does a picture become a small one, and does one that is made to hurt do no harm?"""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from web.mail import pictures


def picture(format_: str, *, size: tuple[int, int] = (900, 600), mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, format_)
    return out.getvalue()


def huge_png(side: int) -> bytes:
    """A few bytes that say they are a picture of so many pixels a side."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = kind + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000_000, 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def test_a_photograph_becomes_small_and_stands_upright() -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # held sideways
    Image.new("RGB", (900, 600), "red").save(out, "JPEG", exif=exif)

    made = pictures.small(out.getvalue(), "image/jpeg")

    assert made is not None
    with Image.open(io.BytesIO(made)) as small:
        assert (small.format, small.size) == ("WEBP", (160, 240))


@pytest.mark.parametrize(
    ("content", "type_"),
    [
        (huge_png(30_000), "image/png"),
        (huge_png(7_900), "image/png"),
        (picture("PNG")[:200], "image/png"),
        (picture("PNG"), "image/gif"),
    ],
    ids=["30,000 pixels a side", "fewer rows than it says", "cut short", "another format"],
)
def test_what_is_no_picture_for_us_makes_none(content: bytes, type_: str) -> None:
    assert pictures.small(content, type_) is None


def test_formats_that_are_programs_are_not_even_tried() -> None:
    assert pictures.small(b"%!PS\n", "application/postscript") is None
    assert pictures.small(b"<svg/>", "image/svg+xml") is None
