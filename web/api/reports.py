"""What do the reports say, for a program?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from projections.sla_statement import DIMENSIONS, PERIODS
from web.api.calls import answer
from web.deps import Desk, Now, Reader
from web.reports import knowing
from web.reports.asking import asked
from web.reports.telling import as_json

router = APIRouter(prefix="/reports", tags=["reports"])
_BY = ", ".join((*PERIODS, *DIMENSIONS, "attribute.NAME"))


@router.get("/sla")
def kept(
    request: Request, desk: Desk, caller: Reader, now: Now,
    since: Annotated[str, Query(alias="from", description="First day of receipt")] = "",
    until: Annotated[str, Query(alias="to", description="Last day of receipt")] = "",
    period: Annotated[str, Query(description="2026, 2026-Q1, 2026-03 or 2026-W14")] = "",
    by: Annotated[str, Query(description=_BY)] = "",
    zone: Annotated[str, Query(description="Whose days these are, like Europe/London")] = "",
    as_of: Annotated[str, Query(description="What happened later has not happened yet")] = "",
    known_at: Annotated[str, Query(description="What was recorded later was not known")] = "",
) -> Response:  # fmt: skip
    """How promises of time were kept, how long each step took and how old the open are.

    Filters are parameters of the name of a dimension: `channel=email&attribute.borough=QUEENS`.
    """
    given = dict(request.query_params)
    question = asked(given, now=now, zone=desk.settings.time_zone)
    with desk.database.engine.connect() as conn:
        return answer(as_json(knowing.report(desk, conn, question, given, now=now)))
