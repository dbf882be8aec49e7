"""How does an agent keep a question to the queue, and say how the queue is to look?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import psycopg
from fastapi import APIRouter, Form
from starlette.exceptions import HTTPException
from starlette.responses import Response

from recovery.errors import Invalid
from web.deps import Agent, Desk, Now
from web.pages.asked import Asked
from web.pages.columns import COLUMNS
from web.pages.render import go
from web.pages.session import inside
from web.workbench import saved

router = APIRouter(prefix="/queue")
Text = Annotated[str, Form(max_length=2000)]
ACTS: dict[str, Callable[[psycopg.Connection[Any], str, str], None]] = {
    "pin": saved.pin,
    "unpin": saved.unpin,
    "share": saved.share,
    "keep": saved.keep_private,
    "remove": saved.remove,
}


@router.post("/views")
def keep(desk: Desk, me: Agent, now: Now, name: Text = "", asked: Text = "") -> Response:
    """Give the question a name."""
    question = Asked.parse(asked).at("")
    with desk.database.connection() as conn:
        saved.save(conn, me.id, name=name, asked=question.query, at=now)
    return go(question.address)


@router.post("/views/{view}")
def change(desk: Desk, me: Agent, view: str, act: Text = "", next: Text = "") -> Response:
    """Pin it, share it, or be done with it."""
    if act not in ACTS:
        raise HTTPException(404)
    with desk.database.connection() as conn:
        ACTS[act](conn, me.id, view)
    return go(inside(next))


@router.post("/look")
def look(
    desk: Desk, me: Agent, column: Annotated[list[str] | None, Form()] = None,
    density: Text = "dense", next: Text = "",
) -> Response:  # fmt: skip
    """Remember the columns and how close the rows stand."""
    known = [each.name for each in COLUMNS if each.name in (column or [])]
    if density not in saved.DENSITIES:
        raise Invalid("Choose how close the rows stand.", field="density")
    with desk.database.connection() as conn:
        saved.look(conn, me.id, columns=known, density=density)
    return go(inside(next))
