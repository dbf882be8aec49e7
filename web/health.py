"""Is this process alive, and can it serve?"""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response

from web.deps import public

router = APIRouter(dependencies=[Depends(public)])


@router.get("/healthz", include_in_schema=False)
async def healthz() -> Response:
    """The process answers; says nothing about the database."""
    return Response("ok\n", media_type="text/plain")
