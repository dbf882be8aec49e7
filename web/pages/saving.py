"""How does a browser get something to keep, and under which name?"""

from __future__ import annotations

import re
from urllib.parse import quote

from starlette.responses import Response

CSV = "text/csv; charset=utf-8"
_UNSAFE = re.compile(r'[\x00-\x1f\x7f"\\/:*?<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]+')


def saved(content: str | bytes, type_: str, name: str) -> Response:
    """To be kept, and not shown in the page."""
    return Response(content, media_type=type_, headers={"Content-Disposition": disposition(name)})


def disposition(name: str) -> str:
    """To be kept under this name, in letters that every browser reads (RFC 6266)."""
    plain = file_name(name)
    ascii_ = plain.encode("ascii", "replace").decode().replace("?", "_").replace("%", "_")
    return f"attachment; filename=\"{ascii_}\"; filename*=UTF-8''{quote(plain, safe='')}"


def file_name(name: str) -> str:
    """The name without what a system of files would take amiss."""
    return " ".join(_UNSAFE.sub(" ", name).split()).strip(". ")[:120] or "file"
