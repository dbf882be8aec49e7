"""Who is at the door, and may they come in?

Every route declares exactly one of these doors: `public`, `agent`, `supervisor`, `administrator`
for pages, `scope(…)` for programs; a contract test walks the routes. A page's door also refuses
what another site makes a browser send: each form of a session carries that session's token in the
field `csrf` or the header `X-CSRF-Token`.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Annotated, cast
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from projections import concerned
from recovery import reference as references
from recovery.errors import Forbidden, Invalid, NotFound
from web.accounts import Role, Session, User
from web.runtime import Runtime
from web.tokens import Caller

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_FIELD, CSRF_HEADER = "csrf", "x-csrf-token"


class SignInNeeded(Exception):
    """Nobody is signed in; pages lead to the sign-in page and back."""


class TokenNeeded(Exception):
    """The program showed no token, or one that is unknown or revoked."""


def runtime(request: Request) -> Runtime:
    """The open desk of this process."""
    return cast("Runtime", request.app.state.runtime)


def now() -> datetime:
    """This instant: the only place where a request reads the clock."""
    return datetime.now(UTC)


async def _desk(request: Request) -> Runtime:
    """Likewise for a route, which would go through a thread to ask `runtime`."""
    return runtime(request)


async def _now() -> datetime:
    return now()


Desk = Annotated[Runtime, Depends(_desk)]
Now = Annotated[datetime, Depends(_now)]


# ---------------------------------------------------------------- doors


class PublicDoor:
    """Everybody may come in; forms must still come from our own pages.

    `label`, here and below, is what the contract test and the documentation say of the door.
    """

    label = "public"

    async def __call__(self, request: Request) -> None:
        require_address(request)
        if request.method not in SAFE_METHODS:
            require_own_origin(request)


class RoleDoor:
    """People who are signed in and have at least the role."""

    def __init__(self, role: Role) -> None:
        self.role = role
        self.label = role

    async def __call__(self, request: Request) -> User:
        require_address(request)
        session = await run_in_threadpool(find_session, request)
        if session is None:
            raise SignInNeeded
        if request.method not in SAFE_METHODS:
            await _require_own_form(request, session)
        if not session.user.may(self.role):
            article = "an" if self.role[0] in "aeiou" else "a"
            raise Forbidden(f"This page is for people with the role of {article} {self.role}.")
        await require_unconcerned(request, session.user)
        request.state.reader = session.user.by
        return session.user


class ScopeDoor:
    """Programs with a bearer token that has the scope."""

    def __init__(self, scope: str) -> None:
        self.scope = scope
        self.label = f"scope {scope}"

    async def __call__(self, request: Request) -> Caller:
        require_address(request)
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise TokenNeeded
        tokens = runtime(request).tokens
        caller = tokens.remembered(token) or await run_in_threadpool(tokens.caller, token)
        if caller is None:
            raise TokenNeeded
        if self.scope not in caller.scopes:
            raise Forbidden(f"This token does not have the scope {self.scope}.")
        await require_unconcerned(request, caller.user)
        request.state.reader = caller.user.by
        return caller


public = PublicDoor()
agent = RoleDoor("agent")
supervisor = RoleDoor("supervisor")
administrator = RoleDoor("administrator")
reads = ScopeDoor("complaints:read")
writes = ScopeDoor("complaints:write")

Agent = Annotated[User, Depends(agent)]
Supervisor = Annotated[User, Depends(supervisor)]
Administrator = Annotated[User, Depends(administrator)]
Reader = Annotated[Caller, Depends(reads)]
Writer = Annotated[Caller, Depends(writes)]


def require_address(request: Request) -> None:
    """No address of ours has a NUL, for which PostgreSQL cannot be asked; raises NotFound."""
    if "\0" in request.scope["path"]:
        raise NotFound("There is no such page.")


async def require_unconcerned(request: Request, user: User) -> None:
    """A complaint about somebody is to them like one that does not exist; raises NotFound.

    So is what an address names that belongs to it: its money, letters and mail, and who complained.
    """
    if not user.hidden:
        return
    given = request.path_params
    with suppress(Invalid):
        reference = references.parse(given.get("reference", ""))
        if reference in user.hidden:
            raise NotFound(f"There is no complaint {references.show(reference)}.")
    for name in concerned.OWNERS.keys() & given.keys():
        owners = await run_in_threadpool(_owners, runtime(request), name, str(given[name]))
        if owners & user.hidden:
            raise NotFound("There is no such page.")


def _owners(desk: Runtime, name: str, id: str) -> set[str]:
    with desk.database.connection() as conn:
        return concerned.owners(conn, name, id)


# ---------------------------------------------------------------- sessions


def find_session(request: Request) -> Session | None:
    """The session of the browser that asks; looked up once for each request."""
    if not hasattr(request.state, "session"):
        desk = runtime(request)
        token = request.cookies.get(cookie_name(desk))
        request.state.session = desk.accounts.session(token, now=now()) if token else None
    return cast("Session | None", request.state.session)


def begin_session(request: Request, response: Response, *, email: str, password: str) -> Session:
    """Sign somebody in and give the browser the cookie; raises SignInRefused."""
    desk = runtime(request)
    lasts = timedelta(hours=desk.settings.session_hours)
    token, session = desk.accounts.sign_in(email=email, password=password, now=now(), lasts=lasts)
    response.set_cookie(
        cookie_name(desk), token, max_age=int(lasts.total_seconds()), path="/",
        httponly=True, samesite="lax", secure=desk.settings.https,
    )  # fmt: skip
    return session


def end_session(request: Request, response: Response) -> None:
    """Sign out here: the session is gone from the database, not only from the browser."""
    desk = runtime(request)
    if token := request.cookies.get(cookie_name(desk)):
        desk.accounts.sign_out(token)
    response.delete_cookie(cookie_name(desk), path="/", secure=desk.settings.https)


def cookie_name(desk: Runtime) -> str:
    """Over HTTPS with the prefix that stops other hosts of the domain from setting it."""
    return "__Host-recovery" if desk.settings.https else "recovery"


# ---------------------------------------------------------------- forms of our own


def require_own_origin(request: Request) -> None:
    """Refuse what a browser says another site made it send; raises Forbidden.

    A client that says neither Sec-Fetch-Site nor Origin is not a browser of these days; for
    sessions the form's token decides.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        own = site in ("same-origin", "none")
    elif origin is not None:
        ours = urlsplit(runtime(request).settings.base_url).netloc
        own = origin.partition("://")[2] in (ours, request.headers.get("host"))
    else:
        own = True
    if not own:
        raise Forbidden("This form was sent from another site, so nothing was done.")


async def _require_own_form(request: Request, session: Session) -> None:
    require_own_origin(request)
    given: object = request.headers.get(CSRF_HEADER)
    if given is None:
        given = (await request.form()).get(CSRF_FIELD)
    if not isinstance(given, str) or not secrets.compare_digest(
        given.encode(), session.csrf.encode()
    ):
        raise Forbidden(
            "This form is from an earlier sign-in, so nothing was done. Go back, load the page "
            "again and send it once more."
        )
