"""What does a person or a program get to see when something goes wrong?

The domain raises sentences; here each gets its HTTP status. Programs (`/api/…`) receive problem
details (RFC 9457), people a page.
"""

from __future__ import annotations

import logging
import secrets
from typing import Any
from urllib.parse import quote

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from recovery.errors import (
    CommandReused,
    Forbidden,
    Invalid,
    NotFound,
    RecoveryError,
    Refused,
    Stale,
    StoreUnavailable,
)
from recovery.events import Recorded
from web.deps import SAFE_METHODS, SignInNeeded, TokenNeeded
from web.faults import RETOLD, told
from web.runtime import UNREACHABLE

log = logging.getLogger("recovery.web")
TITLES = {
    400: "The request cannot be read",
    401: "Sign in first",
    403: "Not allowed",
    404: "Not found",
    405: "Not possible here",
    409: "Somebody was quicker",
    410: "This address has ended",
    413: "Too large",
    415: "Unknown kind of content",
    422: "Not accepted",
    429: "Too often",
    500: "Something went wrong",
    503: "The desk cannot work right now",
}


class FieldError(msgspec.Struct, frozen=True):
    """What is wrong with one input; `field` is a path such as "complainant.email"."""

    field: str
    message: str


class BadBody(RecoveryError):
    """The body of a request is not what was asked for; says everything that is wrong."""

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        super().__init__(errors[0].message if len(errors) == 1 else "Some fields are not right.")
        self.errors = errors


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """One failed request, for a page or for problem+json."""

    status: int
    title: str
    detail: str = ""
    errors: tuple[FieldError, ...] = ()
    current_version: int | None = None
    """The version of the complaint now, when the caller's was stale."""
    since: tuple[Recorded, ...] = ()
    """What happened that the caller has not seen, oldest first."""
    incident: str = ""
    """To find the fault in the log."""


def problem_of(error: Exception) -> Problem:
    """The problem that an exception means."""
    match error:
        case BadBody():
            return _problem(422, str(error), errors=error.errors)
        case Invalid():
            named = (FieldError(error.field, str(error)),) if error.field else ()
            return _problem(422, str(error), errors=named)
        case Stale():
            return _problem(409, str(error), current_version=error.current, since=error.since)
        case NotFound():
            return _problem(404, str(error))
        case Forbidden():
            return _problem(403, str(error))
        case Refused() | CommandReused():
            return _problem(422, str(error))
        case StoreUnavailable():
            return _problem(503, str(error))
        case RecoveryError():
            return _problem(422, str(error))
        case TokenNeeded():
            return _problem(401, "Send a token: Authorization: Bearer rcv_…")
        case RequestValidationError():
            return _problem(422, "Some fields are not right.", errors=_fields(error))
        case HTTPException():
            return _problem(error.status_code, _said(error))
        case _ if isinstance(error, UNREACHABLE):
            return _problem(
                503,
                "The database does not answer. Try again later, and look first whether what you"
                " sent was recorded.",
            )
        case _:
            return _fault(error)


def install(app: FastAPI) -> None:
    """Answer every failure of the app's routes."""
    for kind in (
        RecoveryError, TokenNeeded, RequestValidationError, HTTPException, *UNREACHABLE, Exception,
    ):  # fmt: skip
        app.add_exception_handler(kind, _answer)
    app.add_exception_handler(SignInNeeded, _to_sign_in)
    # A fault is answered and then handed on to the server, which logs it with all its words.
    logging.getLogger("uvicorn.error").addFilter(RETOLD)


def is_for_programs(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def problem_json(problem: Problem) -> Response:
    """The problem as RFC 9457 wants it; events are told by version and topic only."""
    body: dict[str, Any] = {"type": "about:blank", "title": problem.title, "status": problem.status}
    if problem.detail:
        body["detail"] = problem.detail
    if problem.errors:
        body["errors"] = problem.errors
    if problem.current_version is not None:
        body["current_version"] = problem.current_version
        body["since"] = [
            {"version": r.version, "type": r.event.topic, "by": r.event.by, "at": r.event.at}
            for r in problem.since
        ]
    if problem.incident:
        body["incident"] = problem.incident
    return Response(
        msgspec.json.encode(body), problem.status, _headers(problem),
        media_type="application/problem+json",
    )  # fmt: skip


async def _answer(request: Request, error: Exception) -> Response:
    from web.pages.routes import error_page

    problem = problem_of(error)
    if is_for_programs(request):
        return problem_json(problem)
    response = error_page(request, problem)
    response.headers.update(_headers(problem))
    return response


async def _to_sign_in(request: Request, _: Exception) -> Response:
    """Lead to the sign-in page, and back to where the person wanted to go."""
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = "?next=" + quote(wanted, safe="") if request.method in SAFE_METHODS else ""
    address = f"/sign-in{back}"
    if request.headers.get("hx-request"):  # the whole page must change, not the fragment
        return Response(status_code=204, headers={"HX-Redirect": "/sign-in"})
    return Response(status_code=303, headers={"Location": address})


def _problem(status: int, detail: str, **more: Any) -> Problem:
    return Problem(status, TITLES.get(status, "Not possible"), detail, **more)


def _headers(problem: Problem) -> dict[str, str]:
    if problem.status == 401:
        return {"WWW-Authenticate": 'Bearer realm="recovery"'}
    waits = {429: "60", 503: "5"}
    return {"Retry-After": waits[problem.status]} if problem.status in waits else {}


def _said(error: HTTPException) -> str:
    sentences = {
        404: "There is nothing at this address.",
        405: "This address does not take that method.",
        410: "A year has passed since the last thing that happened to this complaint. Is something"
        " still wrong? Answer our last letter, or tell us again.",
        413: "This is more than the desk takes in one request.",
        429: "Too much came from here in a short time. Wait a minute, then try again.",
    }
    return sentences.get(error.status_code, str(error.detail))


def _fields(error: RequestValidationError) -> tuple[FieldError, ...]:
    found = []
    for each in error.errors():
        path = [str(part) for part in each["loc"][1:]] or [str(each["loc"][0])]
        message = str(each["msg"]).removeprefix("Value error, ")
        found.append(FieldError(".".join(path), message.rstrip(".") + "."))
    return tuple(found)


def _fault(error: Exception) -> Problem:
    incident = secrets.token_hex(4)
    log.error("fault %s: %s", incident, told(error))
    return _problem(
        500, "This is our fault, and it is in the log. Try again, or tell the administrator.",
        incident=incident,
    )  # fmt: skip
