"""Who calls, about which complaint, having seen what, and was this asked before?"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, TypedDict

import msgspec
from fastapi import Depends, Path, Query, Request, Response

from recovery import reference as references
from recovery import text as texts
from recovery.authority import Approver
from recovery.errors import Invalid, NotFound
from recovery.events import subject
from recovery.policy.authority import Rank
from recovery.store import Command, Done
from web.api.bodies import Act
from web.deps import Writer, now, runtime
from web.runtime import Runtime

KEY = re.compile(r"[\x21-\x7e]{1,200}")
IF_MATCH = re.compile(r'(?:W/)?"?(\d{1,9})"?')
AHEAD = timedelta(minutes=5)
"""How far a program's clock may be ahead of ours."""


async def _reference(
    reference: Annotated[
        str, Path(description="As printed, with or without the hyphen", examples=["7GQ2M-4XK9T"])
    ],
) -> str:
    """Raises NotFound for what cannot be one: there is no such complaint, and the sentence why."""
    try:
        return references.parse(reference)
    except Invalid as error:
        raise NotFound(str(error)) from None


Reference = Annotated[str, Depends(_reference)]
Instant = Annotated[datetime | None, Query(examples=["2026-03-02T09:00:00Z"])]


class Asked(TypedDict):
    """The arguments that every command of the desk takes."""

    by: str
    at: datetime
    command: Command | None
    seen: int | None


@dataclass(frozen=True)
class Call:
    """One writing request of a program."""

    runtime: Runtime
    user: str
    by: str
    role: Rank
    now: datetime
    command: Command | None
    seen: int | None

    @property
    def who(self) -> Approver:
        """With the authority of the person for whom the program acts."""
        return Approver(self.by, self.role)

    def asked(self, body: Act | None = None) -> Asked:
        """What the desk wants to know of every command."""
        given = body.at if body else None
        at = happened(given, now=self.now, field="at")
        return Asked(by=self.by, at=at, command=self.command, seen=self.seen)


async def _call(request: Request, caller: Writer) -> Call:
    return Call(
        runtime=runtime(request), user=caller.user.id, by=caller.user.by,
        role=caller.user.role, now=now(),
        command=await _command(request, caller.user.id), seen=_seen(request),
    )  # fmt: skip


Calling = Annotated[Call, Depends(_call)]


def happened(given: datetime | None, *, now: datetime, field: str) -> datetime:
    """When something happened: the instant given, or now; raises Invalid for the future."""
    if given is None:
        return now
    at = texts.instant(given, field=field)
    if at > now + AHEAD:
        raise Invalid("This lies in the future.", field=field)
    return min(at, now)


def changed(done: Done, **more: Any) -> Response:
    """The answer to an act; it follows from the stream alone, so a repeat gets the same."""
    return answer(
        {
            "reference": references.show(subject(done.stream)),
            "id": subject(done.stream),
            "version": done.version,
            "position": done.position,
            **{name: value for name, value in more.items() if value is not None},
        },
        version=done.version,
    )


def answer(body: Any, *, status: int = 200, version: int | None = None) -> Response:
    """JSON, with the version as the ETag that If-Match wants to hear again."""
    headers = {"ETag": f'"{version}"'} if version is not None else None
    return Response(
        msgspec.json.encode(body), status_code=status, headers=headers,
        media_type="application/json",
    )  # fmt: skip


async def _command(request: Request, user: str) -> Command | None:
    """The identity of the request: the user's own key, and a digest of what was asked.

    The digest is keyed: it is kept, and must not confirm a guess at words that were forgotten.
    """
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not KEY.fullmatch(key):
        raise Invalid("Give 1 to 200 printable characters without spaces.", field="Idempotency-Key")
    asked = f"{request.method} {request.url.path}\n".encode() + await request.body()
    secret = runtime(request).request_key
    return Command(f"api:{user}:{key}", hmac.digest(secret, asked, hashlib.sha256))


def _seen(request: Request) -> int | None:
    given = request.headers.get("if-match")
    if given is None or given.strip() == "*":
        return None
    found = IF_MATCH.fullmatch(given.strip())
    if not found:
        raise Invalid('Give the version you saw, like "3".', field="If-Match")
    return int(found[1])
