"""How does a template become a page?

One environment for each language, compiled once; templates see their viewer as `v`. A request
that htmx made gets the part that changes, everybody else the whole page: the same template.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import FileSystemLoader, StrictUndefined, Template, select_autoescape
from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from recovery.reference import show
from web.i18n import LANGUAGES, catalogue
from web.packing import packed
from web.pages import side, words
from web.pages.fields import fields
from web.pages.keys import SHEET
from web.pages.known import KnownEnvironment
from web.pages.marks import MARKS, icon, tag
from web.pages.static import address
from web.pages.viewer import Viewer, iso

TOGETHER = 0.25
"""Seconds within which the pieces of a page wait for each other."""
TEMPLATES = Path(__file__).parents[1] / "templates"


@cache
def environment(language: str) -> KnownEnvironment:
    """The templates, speaking the language."""
    found = KnownEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(),
        auto_reload=False,
        cache_size=-1,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    found.policies["ext.i18n.trimmed"] = True
    label = words.labeller(language)
    found.filters["code_words"] = lambda code, kind: (code, label(kind, code))
    say = catalogue(language).gettext
    found.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    found.known = {
        "_": lambda sentence: Markup(say(sentence)) % {},  # noqa: S704 (ours, as gettext has it)
        "asset": address, "icon": icon, "label": label, "tag": tag,
    }  # fmt: skip
    found.globals.update(
        asset=address, iso=iso, ref=show, languages=LANGUAGES, label=label,
        codes=lambda kind: words.codes(kind, language),
        new_command=lambda: secrets.token_hex(16), **MARKS,
    )  # fmt: skip
    found.globals.update(fields(found))
    drawn = found.get_template("parts/sheet.html")
    found.globals["sheets"] = {
        supervises: Markup(drawn.render(sheet=SHEET, roles=roles))  # noqa: S704 (ours, fixed)
        for supervises, roles in ((False, ("",)), (True, ("", "supervisor")))
    }
    return found


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
    return {
        "v": viewer,
        "user": viewer.session.user if viewer.session else None,
        "csrf": viewer.session.csrf if viewer.session else "",
        "fragment": is_part(request),
        "here": request.url.path,
        "views": side.links(viewer, current=view, counts=counts),
        "done": words.DONE.get(request.query_params.get("done", "")),
        **values,
    }


def is_part(request: Request) -> bool:
    """Whether htmx asks, and the frame of the page is there already."""
    headers = request.headers
    return "hx-request" in headers and "hx-history-restore-request" not in headers


def go(address: str) -> Response:
    """Look there now (after a form was sent)."""
    return RedirectResponse(address, status_code=303)
