"""How do style sheet, script and icons reach the browser quickly?

They are few and small, so the process keeps them in memory, compressed once. Addresses carry the
digest of the content, so browsers keep them for good. Our style sheet is written by subject, and
sent as one file.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web.deps import public

STATIC = Path(__file__).parents[1] / "static"
LOOK = STATIC / "look"
SHEET = "recovery.css"
SUBJECTS = (
    "tokens", "base", "frame", "parts", "steps", "forms", "tables", "palette", "queue",
    "complaint", "reports", "policies", "money", "door", "narrow", "workbench", "motion", "print",
)  # fmt: skip
"""The files of LOOK in the order in which they make the SHEET: a later rule wins."""
router = APIRouter(dependencies=[Depends(public)])


class File:
    """One file as it is sent."""

    def __init__(self, name: str, content: bytes, packed: bytes | None = None) -> None:
        self.content = content
        self.packed = packed or gzip.compress(content)
        self.digest = hashlib.sha256(content).hexdigest()[:16]
        self.type = mimetypes.guess_type(name)[0] or "application/octet-stream"

    @classmethod
    def of(cls, path: Path) -> File:
        """One that lies there, perhaps compressed beside it."""
        packed = path.with_name(path.name + ".gz")
        return cls(path.name, path.read_bytes(), packed.read_bytes() if packed.exists() else None)


@cache
def files() -> dict[str, File]:
    """What there is, by name under `web/static`."""
    found = {
        path.relative_to(STATIC).as_posix(): File.of(path)
        for path in STATIC.rglob("*")
        if path.suffix in (".css", ".js", ".svg", ".png") and path.parent != LOOK
    }
    sheet = b"\n".join((LOOK / f"{subject}.css").read_bytes() for subject in SUBJECTS)
    return found | {SHEET: File(SHEET, sheet)}


@cache
def address(name: str) -> str:
    """Where the browser finds a file, with its digest."""
    file = files().get(name)
    if file is None:
        raise FileNotFoundError(f"web/static/{name} is missing. Run: python -m web.assets")
    return f"/static/{name}?v={file.digest}"


@router.get("/static/{name:path}", include_in_schema=False)
async def static(request: Request, name: str, v: str = "") -> Response:
    """One file; for good when its digest was asked for."""
    file = files().get(name)
    if file is None:
        raise HTTPException(404)
    lasting = "public, max-age=31536000, immutable" if v == file.digest else "no-cache"
    headers = {"ETag": f'"{file.digest}"', "Cache-Control": lasting, "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(
            file.packed, media_type=file.type, headers=headers | {"Content-Encoding": "gzip"}
        )
    return Response(file.content, media_type=file.type, headers=headers)
