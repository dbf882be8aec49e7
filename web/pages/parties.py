"""May whoever wrote this speak in the complaint? The two answers an agent can give."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from projections.health import wait_for
from recovery import reference as references
from recovery import text as texts
from web.deps import Agent, Desk, Now
from web.i18n import mark
from web.pages.form import Sent
from web.pages.reading import reader
from web.pages.render import go
from web.runtime import Runtime

router = APIRouter(prefix="/complaints/{reference}/mail/{mail}")


@router.post("/admission")
def admit(request: Request, desk: Desk, me: Agent, now: Now, reference: str, mail: str) -> Response:
    """They may: what they write goes on this complaint from now on."""
    done = desk.admission.admit(reference, f"mail:{mail}", by=me.by, at=now)
    return _back(desk, reference, done.position, "admission")


@router.post("/exclusion")
def refuse(
    request: Request, desk: Desk, me: Agent, now: Now, reference: str, mail: str,
    data: Sent,
) -> Response:  # fmt: skip
    """They may not: this message stays out of the conversation."""
    reason = texts.required(
        str(data.get("reason") or ""),
        field="reason",
        sentence=mark("Say why they may not."),
        limit=100,
    )
    done = desk.admission.refuse(reference, f"mail:{mail}", reason=reason, by=me.by, at=now)
    return _back(desk, reference, done.position, "exclusion")


def _back(desk: Runtime, reference: str, position: int, act: str) -> Response:
    with reader(desk) as conn:
        wait_for(conn, position)
    return go(f"/complaints/{references.show(references.parse(reference))}?done={act}")
