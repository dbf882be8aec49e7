"""Which keys are there? The sheet as a page of its own, for browsers without script."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from web.deps import Agent
from web.pages.render import page

router = APIRouter()


@router.get("/keys")
def keys(request: Request, me: Agent) -> Response:
    return page(request, "keys.html")
