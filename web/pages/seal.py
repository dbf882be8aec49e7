"""What can anybody see of the seal, and what does an agent hand over as proof?"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from pathlib import Path

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from projections import bundle as bundles
from projections import seal
from recovery import reference as references
from web.api.calls import answer
from web.api.seal import told
from web.deps import Agent, Desk, public
from web.pages.render import page
from web.pages.saving import saved
from web.pages.viewer import Viewer
from web.verifier import verify

LISTED = 20
VERIFIERS = {"verify.html": "text/html", "verify.py": "text/x-python"}
router = APIRouter()


@router.get("/seal", dependencies=[Depends(public)])
def sealed(request: Request, desk: Desk) -> Response:
    """The newest head, the key, and how to check them; holds nothing of any complaint."""
    with desk.database.connection() as conn:
        heads = seal.newest(conn, limit=LISTED)
    return page(
        request, "seal.html", viewer=Viewer.of(request), heads=heads,
        key=b64encode(heads[0].key).decode() if heads else "",
    )  # fmt: skip


@router.get("/seal.json", dependencies=[Depends(public)])
def newest(desk: Desk) -> Response:
    """The newest heads for a program, the newest first."""
    with desk.database.connection() as conn:
        return answer({"heads": [told(head) for head in seal.newest(conn, limit=LISTED)]})


@router.get("/seal/{name}", dependencies=[Depends(public)])
def verifier(name: str) -> Response:
    """A program that checks bundles, to be kept: it runs without the desk."""
    if name not in VERIFIERS:
        raise HTTPException(404)
    return saved(_programs()[name], VERIFIERS[name], name)


@router.get("/complaints/{reference}/bundle.json")
def bundle(desk: Desk, me: Agent, reference: str) -> Response:
    """The complaint's events with their proofs, up to the newest head."""
    found = references.parse(reference)
    with desk.database.connection() as conn:
        made = bundles.bundle(conn, found)
    content = msgspec.json.format(msgspec.json.encode(made)) + b"\n"
    return saved(content, "application/json", f"{made.reference}.json")


@cache
def _programs() -> dict[str, bytes]:
    folder = Path(verify.__file__).parent
    return {name: (folder / name).read_bytes() for name in VERIFIERS}
