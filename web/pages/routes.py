"""What can a person see in the browser? Every page, and the answer when one cannot be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import Response

from web.pages import (
    account,
    addresses,
    advice,
    answers,
    approvals,
    areas,
    audited,
    audits,
    batches,
    bench,
    bulk,
    callback,
    callers,
    complaint,
    drafting,
    enclosing,
    files,
    gallery,
    health,
    help,
    holds,
    intake,
    ledger,
    letterbook,
    live,
    machines,
    mail,
    mentions,
    next,
    outbox,
    outcomes,
    palette,
    parties,
    past,
    payouts,
    people,
    policies,
    quality,
    queue,
    readings,
    recalls,
    reports,
    retention,
    seal,
    session,
    staff,
    standing,
    static,
    waiting,
    wanted,
    why,
)
from web.pages.render import page
from web.pages.sentences import translated
from web.pages.viewer import Viewer

if TYPE_CHECKING:
    from web.errors import Problem

router = APIRouter()
for part in (  # what is asked for most comes first: routes are tried in this order
    queue,
    session,
    next,
    past,
    palette,
    live,
    enclosing,
    bulk,
    bench,
    callers,
    intake,
    why,
    files,
    advice,
    recalls,
    account,
    seal,
    parties,
    staff,
    complaint,
    areas,
    audits,
    standing,
    quality,
    outcomes,
    audited,
    batches,
    answers,
    ledger,
    callback,
    waiting,
    mentions,
    outbox,
    addresses,
    letterbook,
    machines,
    wanted,
    mail,
    drafting,
    people,
    holds,
    retention,
    approvals,
    payouts,
    policies,
    reports,
    readings,
    health,
    help,
    gallery,
    static,
):
    router.routes.extend(part.router.routes)


def error_page(request: Request, problem: Problem) -> Response:
    """The page for somebody whose request failed."""
    viewer = Viewer.stranger(request) if problem.status >= 500 else Viewer.of(request)
    return page(
        request, "error.html", viewer=viewer, status=problem.status, problem=problem,
        translated=lambda sentence: translated(sentence, viewer),
    )  # fmt: skip
