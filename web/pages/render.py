"""How does a template become a page?

Templates see their viewer as `v`. A request that htmx made gets the part that changes, everybody
else the whole page: the same template.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fastapi import Request
from jinja2 import Template
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from web.packing import packed
from web.pages import frame
from web.pages.templates import environment
from web.pages.viewer import Viewer

TOGETHER = 0.25
"""Seconds within which the pieces of a page wait for each other."""


def page(
    request: Request, template: str, *, viewer: Viewer | None = None, status: int = 200,
    view: str = "", counts: Mapping[str, int] | None = None, **values: Any,
) -> HTMLResponse:  # fmt: skip
    """The template as an answer; `viewer` when the route has made one already.

    `view` is the view of the queue that the page shows, `counts` how many tickets each holds.
    """
    viewer = viewer or Viewer.of(request)
    body = _template(template, viewer).render(_given(request, viewer, view, counts, values))
    return packed(request, HTMLResponse(body, status, _headers(viewer, status)))


def stream(
    request: Request, template: str, *, viewer: Viewer, status: int = 200, **values: Any
) -> StreamingResponse:
    """The same, sent piece by piece: what takes long can say how far it is."""
    given = _given(request, viewer, "", None, values)
    pieces = _gathered(_template(template, viewer).generate(given))
    headers = _headers(viewer, status)
    return StreamingResponse(pieces, status_code=status, headers=headers, media_type="text/html")


def _gathered(pieces: Iterable[str]) -> Iterator[str]:
    """What belongs together in one piece: a template gives every word on its own."""
    held: list[str] = []
    sent = time.monotonic()
    for piece in pieces:
        held.append(piece)
        if time.monotonic() - sent > TOGETHER:
            yield "".join(held)
            held.clear()
            sent = time.monotonic()
    yield "".join(held)


def _template(name: str, viewer: Viewer) -> Template:
    return environment(viewer.language).get_template(name)


def _headers(viewer: Viewer, status: int) -> dict[str, str]:
    headers = {"Vary": "HX-Request, Cookie, Accept-Language", "Content-Language": viewer.language}
    if status >= 400:
        headers["HX-Push-Url"] = "false"
    return headers


def _given(
    request: Request, viewer: Viewer, view: str, counts: Mapping[str, int] | None,
    values: Mapping[str, Any],
) -> dict[str, Any]:  # fmt: skip
    """What every template may name, and what this one does."""
    here, session = request.url.path, viewer.session
    return {
        "v": viewer,
        "user": session.user if session else None,
        "csrf": session.csrf if session else "",
        "fragment": is_part(request),
        "here": here,
        "side": frame.beside(viewer, session, here=here, view=view, counts=counts)
        if session else "",
        "toasts": frame.toasts(viewer, request.query_params.get("done", "")),
        **values,
    }  # fmt: skip


def is_part(request: Request) -> bool:
    """Whether htmx asks, and the frame of the page is there already."""
    headers = request.headers
    return "hx-request" in headers and "hx-history-restore-request" not in headers


def go(address: str) -> Response:
    """Look there now (after a form was sent)."""
    return RedirectResponse(address, status_code=303)
