"""Is this process alive, can it serve, and how busy is it?"""

from __future__ import annotations

from typing import Any, cast

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from projections.health import Health, health
from web.deps import Desk, public
from web.metrics import Metrics
from web.runtime import UNREACHABLE, Runtime

router = APIRouter(dependencies=[Depends(public)], include_in_schema=False)


@router.get("/healthz")
async def healthz() -> Response:
    """The process answers; says nothing about the database."""
    return Response("ok\n", media_type="text/plain")


@router.get("/readyz")
def readyz(desk: Desk) -> Response:
    """200 when the database answers, with the place of each projection; 503 when it does not.

    A stopped projection makes the desk "degraded" and not unready: every process would be.
    """
    try:
        places = _places(desk)
    except UNREACHABLE:
        return _json({"status": "unready", "database": "unreachable"}, status=503)
    stopped = any(place.stopped_reason for place in places)
    return _json(
        {
            "status": "degraded" if stopped else "ready",
            "database": "ok",
            "projections": [
                {"name": p.name, "position": p.position, "lag": p.lag,
                 "stopped": p.stopped_reason is not None}
                for p in places
            ],
        }
    )  # fmt: skip


@router.get("/metrics")
def metrics(request: Request, desk: Desk) -> Response:
    """For Prometheus: requests of this process, places of the projections. No personal data."""
    counted = cast("Metrics", request.app.state.metrics)
    return Response(counted.text(_places(desk)), media_type=CONTENT_TYPE_LATEST)


def _places(desk: Runtime) -> list[Health]:
    with desk.database.engine.connect() as conn:
        return health(conn)


def _json(body: dict[str, Any], *, status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status, media_type="application/json")
