"""Which complaints await work, for a program?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from projections import pastqueue, views
from projections.table import Given
from recovery import text as texts
from recovery.errors import Invalid
from web.api import answers
from web.api.calls import Instant, answer
from web.deps import Desk, Now, Reader

router = APIRouter(tags=["queue"])
_ELSE = {"view", "q", "limit", "cursor", "as_of", "known_at"}


@router.get("/queue")
def queue(
    request: Request, desk: Desk, caller: Reader, now: Now,
    view: Annotated[str, Query(description=", ".join(views.VIEWS))] = "open",
    q: Annotated[str, Query(max_length=200, description="Words to look for")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50, cursor: str = "",
    as_of: Instant = None, known_at: Instant = None,
) -> Response:  # fmt: skip
    """Complaints of a view, most urgent first, and how many there are in each view.

    Filters are parameters of the same name as the field: `channel=email&severity=high`.
    `as_of` and `known_at` tell the open complaints of a past instant instead.
    """
    filters = {
        name: texts.line(value, field=name[:100])
        for name, value in request.query_params.items()
        if name not in _ELSE
    }
    if as_of or known_at:
        if q:
            raise Invalid("The past can be filtered, and not searched for words.", field="q")
        with desk.database.connection() as raw:
            then = pastqueue.page(
                raw, answers.cut(as_of, known_at), Given(desk.policies), view=view,
                me=caller.user.by, filters=filters, cursor=cursor, limit=limit,
                hidden=caller.user.hidden,
            )  # fmt: skip
        past = [answers.summary(ticket) for ticket in then.tickets]
        return answer({"tickets": past, "cursor": then.cursor, "counts": then.counts})
    if view not in views.VIEWS:
        raise Invalid(f"There is no view {view[:40]!r} (there are {', '.join(views.VIEWS)}).",
                      field="view")  # fmt: skip
    with desk.database.engine.connect() as conn:
        page = views.page(
            conn, view, now=now, me=caller.user.by, text=q, filters=filters, cursor=cursor,
            limit=limit, hidden=caller.user.hidden,
        )  # fmt: skip
        counts = views.counts(conn, now=now, me=caller.user.by, hidden=caller.user.hidden)
    found = [answers.summary(line) for line in page.lines]
    return answer({"tickets": found, "cursor": page.cursor, "counts": counts})
