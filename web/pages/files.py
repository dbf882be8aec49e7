"""What exactly did somebody send us? The files that came along, and the message as it came."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter
from starlette.responses import Response

from recovery import reference as references
from recovery.errors import NotFound
from recovery.events import PaperRef, complaint_stream
from recovery.vault import Files, KeptFile
from web.deps import Agent, Desk, Supervisor
from web.mail import pictures
from web.pages.attached import listing_of
from web.pages.saving import disposition
from web.runtime import Runtime

router = APIRouter(prefix="/complaints/{reference}")
SANDBOX = "sandbox; default-src 'none'"
"""Whatever a browser makes of it: no script, no request, no form."""
SHOWABLE = frozenset(
    {*pictures.TYPES, "application/pdf", "application/zip", "text/plain", "text/csv", "image/tiff",
     "image/heic", "audio/mpeg", "audio/ogg", "audio/wav", "video/mp4", "video/webm",
     "message/rfc822"}
)  # fmt: skip
"""Types that are said as they are; anything else is a heap of bytes, so that nothing opens it."""


@router.get("/files/{version}/{number}")
def download(desk: Desk, me: Agent, reference: str, version: int, number: int) -> Response:
    """A file, to be kept and never to be opened in the page."""
    return to_keep(desk, references.parse(reference), version, number)


def to_keep(desk: Runtime, reference: str, version: int, number: int) -> Response:
    """The answer with the file that an event lists; raises NotFound."""
    file, content = _file(desk, reference, version, number)
    type_ = file.type if file.type in SHOWABLE else "application/octet-stream"
    return _sent(content, type_, file.name)


@router.get("/files/{version}/{number}/picture")
def picture(desk: Desk, me: Agent, reference: str, version: int, number: int) -> Response:
    """A small picture of it, made by us."""
    file, content = _file(desk, reference, version, number)
    made = pictures.small(content, file.type)
    if made is None:
        raise NotFound("No small picture can be made of this file.")
    headers = {"Content-Security-Policy": SANDBOX, "Cache-Control": "private, max-age=3600"}
    return Response(made, media_type="image/webp", headers=headers)


@router.get("/mail/{mail}/original")
def original(desk: Desk, me: Supervisor, reference: str, mail: str) -> Response:
    """A message of this complaint exactly as it came, as text."""
    found = desk.mailbox.on_case(mail, references.parse(reference))
    content = desk.mailbox.content(found).raw
    headers = {"Content-Security-Policy": SANDBOX, "Content-Disposition": "inline"}
    return Response(content, media_type="text/plain; charset=utf-8", headers=headers)


def _sent(content: bytes, type_: str, name: str) -> Response:
    headers = {
        "Content-Disposition": disposition(name),
        "Content-Security-Policy": SANDBOX,
        "Content-Type": type_,
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, headers=headers)


def _file(desk: Runtime, reference: str, version: int, number: int) -> tuple[KeptFile, bytes]:
    """The file that an event lists; raises NotFound."""
    records = desk.store.records(complaint_stream(references.parse(reference)))
    ref = listing_of(records[version - 1].event) if 0 < version <= len(records) else None
    if ref is None:
        raise NotFound("There is no such file.")
    listing = msgspec.json.decode(_opened(desk, ref), type=Files)
    if not 0 < number <= len(listing.files):
        raise NotFound("There is no such file.")
    file = listing.files[number - 1]
    return file, _opened(desk, file.content)


def _opened(desk: Runtime, paper: PaperRef) -> bytes:
    """What is on the paper; raises NotFound where nobody can read it any more."""
    with desk.database.connection() as conn:
        readable, altered = desk.vault.open_readable(conn, [paper.paper])
    if altered:
        raise NotFound("This file cannot be read: it was altered in the database.")
    if paper.paper not in readable:
        raise NotFound("This file is not there any more: its complainant was forgotten.")
    return readable[paper.paper]
