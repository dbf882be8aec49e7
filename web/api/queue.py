"""Which complaints await work, for a program?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from projections import views
from recovery import text as texts
from recovery.errors import Invalid
from web.api import answers
from web.api.calls import answer
from web.deps import Desk, Now, Reader

router = APIRouter(tags=["queue"])
_ELSE = {"view", "q", "limit", "cursor"}


@router.get("/queue")
def queue(
    request: Request, desk: Desk, caller: Reader, now: Now,
    view: Annotated[str, Query(description=", ".join(views.VIEWS))] = "open",
    q: Annotated[str, Query(max_length=200, description="Words to look for")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50, cursor: str = "",
) -> Response:  # fmt: skip
    """Complaints of a view, most urgent first, and how many there are in each view.

    Filters are parameters of the same name as the field: `channel=email&severity=high`.
    """
    filters = {
        name: texts.line(value, field=name[:100])
        for name, value in request.query_params.items()
        if name not in _ELSE
    }
    if view not in views.VIEWS:
        raise Invalid(f"There is no view {view[:40]!r} (there are {', '.join(views.VIEWS)}).",
                      field="view")  # fmt: skip
    with desk.database.engine.connect() as conn:
        page = views.page(
            conn, view, now=now, me=caller.user.by, text=q, filters=filters, cursor=cursor,
            limit=limit,
        )  # fmt: skip
        counts = views.counts(conn, now=now, me=caller.user.by)
    found = [answers.summary(line) for line in page.lines]
    return answer({"tickets": found, "cursor": page.cursor, "counts": counts})
