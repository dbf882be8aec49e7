"""How does somebody come in, go out, and say how they like things?"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request
from fastapi import Form as Field
from starlette.responses import Response

from web.accounts import SignInRefused
from web.deps import begin_session, end_session, find_session, public
from web.i18n import LANGUAGES
from web.pages.form import Form
from web.pages.render import go, page
from web.pages.viewer import SCHEMES, Viewer

YEAR = 31_536_000
router = APIRouter(dependencies=[Depends(public)])


@router.get("/")
def front(request: Request) -> Response:
    return go("/queue")


@router.get("/sign-in")
def sign_in_page(request: Request, next: str = "") -> Response:
    if find_session(request):
        return go(inside(next))
    return page(request, "sign-in.html", form=Form("sign-in"), next=next)


@router.post("/sign-in")
def sign_in(
    request: Request, email: Annotated[str, Field(max_length=320)] = "",
    password: Annotated[str, Field(max_length=1000)] = "",
    next: Annotated[str, Field(max_length=2000)] = "",
) -> Response:  # fmt: skip
    answer = go(inside(next))
    try:
        begin_session(request, answer, email=email, password=password)
    except SignInRefused as refused:
        viewer = Viewer.of(request)
        form = Form("sign-in", {"email": email}, refusal=viewer.say(str(refused)))
        return page(request, "sign-in.html", viewer=viewer, status=422, form=form, next=next)
    return answer


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    answer = go("/sign-in?done=signed-out")
    end_session(request, answer)
    return answer


@router.post("/preferences")
def preferences(
    request: Request, language: Annotated[str, Field()] = "", scheme: Annotated[str, Field()] = "",
    next: Annotated[str, Field(max_length=2000)] = "",
) -> Response:  # fmt: skip
    """Remember language and light in this browser."""
    answer = go(inside(next))
    for name, value, known in (
        ("language", language, LANGUAGES), ("scheme", scheme, SCHEMES)
    ):  # fmt: skip
        if value in known:
            answer.set_cookie(name, value, max_age=YEAR, samesite="lax", httponly=True)
    return answer


def inside(address: str) -> str:
    """An address of our own, never another site's."""
    try:
        parts = urlsplit(address)
    except ValueError:  # "//[" and the like
        return "/queue"
    own = not parts.scheme and not parts.netloc and address.startswith("/")
    safe = own and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if safe else "/queue"
