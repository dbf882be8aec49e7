"""What can programs ask of the desk? `/api/v1`, the same commands and queries as the pages."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import APIRouter, Depends, Response

from web.api import (
    acts,
    audits,
    claims,
    complaints,
    incidents,
    letters,
    payouts,
    people,
    queue,
    reports,
    schema,
    seal,
    staff,
)
from web.api.calls import answer
from web.deps import public

router = APIRouter(prefix="/api/v1")
router.include_router(complaints.router)
router.include_router(acts.router)
router.include_router(letters.router)
router.include_router(staff.router)
router.include_router(claims.router)
router.include_router(queue.router)
router.include_router(payouts.router)
router.include_router(incidents.router)
router.include_router(reports.router)
router.include_router(audits.router)
router.include_router(seal.router)
router.include_router(people.router)


@router.get("/openapi.json", dependencies=[Depends(public)], include_in_schema=False)
def description() -> Response:
    """The API in OpenAPI's own words."""
    return answer(_document())


@cache
def _document() -> dict[str, Any]:
    return schema.document(router.routes)
