"""What does a page that stands open have to know, as it happens?

Server-sent events: the queue hears its counts, how many tickets are new and who has which one open,
a complaint who else is here and that somebody acted. A row of the queue changes where it stands;
nothing on a page moves by itself, it says so and waits to be asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response, StreamingResponse

from projections import views
from recovery import reference as references
from recovery.store import Store
from web.accounts import User
from web.deps import Agent, Desk, cookie_name, now
from web.live import Bell, told
from web.pages.asked import Asked
from web.pages.counts import counts
from web.pages.liverows import LiveRows, drawn
from web.pages.reading import names, raw, reader
from web.pages.rows import opened_by
from web.pages.viewer import Viewer
from web.runtime import Runtime
from web.workbench import drafts, presence
from web.workbench.saved import Here

router = APIRouter()
NOTHING = Response(status_code=204)
ROWS = 50


def bell(request: Request, desk: Runtime) -> Bell:
    """The one bell of this process."""
    state = request.app.state
    if not hasattr(state, "bell"):
        state.bell = Bell(desk.database.url)
    found: Bell = state.bell
    return found


def _events(
    request: Request, desk: Runtime, me: User, look: Callable[[User], dict[str, object]]
) -> Response:
    """What `look` sees, for as long as the session lasts."""
    token = request.cookies.get(cookie_name(desk), "")

    def look_if_signed_in() -> dict[str, object] | None:
        session = desk.accounts.session(token, now=now())
        return look(session.user) if session else None

    return StreamingResponse(
        told(bell(request, desk), me.id, look_if_signed_in), media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )  # fmt: skip


@router.get("/queue/live")
def queue_live(request: Request, desk: Desk, me: Agent) -> Response:
    """The counts of the views, how many tickets are new, who has which one open, and the rows that
    changed since the page came, each for its place.
    """
    viewer = Viewer.of(request)
    asked = Asked.of(dict(request.query_params))
    on_page = LiveRows()

    def look(me: User) -> dict[str, object]:
        with reader(desk) as conn:
            lines = views.page(
                conn, asked.view, now=now(), me=me.by, text=asked.q, filters=asked.filters,
                sort=asked.sort, group=asked.group, limit=ROWS, hidden=me.hidden,
            ).lines  # fmt: skip
            waiting = counts(conn, now=now(), me=me)
            here = presence.everywhere(raw(conn), but=me.id)
            new, changed = on_page.new(lines), on_page.changed(conn, lines, me)
            rows = drawn(conn, desk, changed, Viewer.of(request), me)
        looking = _looking([one for one in here if one.complaint not in me.hidden], desk, viewer)
        return {"counts": waiting, "new": new, "looking": looking, "rows": rows}

    return _events(request, desk, me, look)


@router.get("/complaints/{reference}/live")
def complaint_live(request: Request, desk: Desk, me: Agent, reference: str) -> Response:
    """Who else has the complaint open, in words, and which version it has."""
    complaint = references.parse(reference)
    viewer = Viewer.of(request)

    def look(me: User) -> dict[str, object]:
        if complaint in me.hidden:
            return {}
        people = names(desk)
        with desk.database.connection() as conn:
            here = presence.others(conn, complaint=complaint, but=me.id)
        return {
            "here": [_said(people.get(f"user:{one.user}", one.user), one.typing, viewer)
                     for one in here],
            "version": version(desk.store, complaint),
        }  # fmt: skip

    return _events(request, desk, me, look)


def _looking(here: Iterable[Here], desk: Runtime, viewer: Viewer) -> dict[str, str]:
    """By the reference that pages show: who has it open, as a row of the queue says it."""
    people, found = names(desk), dict[str, list[str]]()
    for one in here:
        name = people.get(f"user:{one.user}", one.user)
        found.setdefault(references.show(one.complaint), []).append(name)
    return {reference: opened_by(several, viewer) for reference, several in found.items()}


def _said(name: str, typing: bool, viewer: Viewer) -> str:
    words = viewer.say("%(name)s is typing") if typing else viewer.say("%(name)s is here")
    return words % {"name": name}


def version(store: Store, complaint: str) -> int:
    """How many events the complaint has."""
    with store.database.connection() as conn:
        row = conn.execute(
            "select coalesce(max(originator_version), 0) from desk.events where originator_id = %s",
            (f"complaint-{complaint}",), prepare=True,
        ).fetchone()  # fmt: skip
    assert row is not None
    return int(row[0])


@router.post("/complaints/{reference}/presence")
def here(
    desk: Desk, me: Agent, reference: str, typing: Annotated[str, Form(max_length=1)] = "",
    left: Annotated[str, Form(max_length=1)] = "",
) -> Response:  # fmt: skip
    """A browser says that it has the complaint open, or has closed it."""
    complaint = references.parse(reference)
    with desk.database.connection() as conn:
        if left:
            presence.leave(conn, complaint=complaint, user=me.id)
        else:
            presence.stay(conn, complaint=complaint, user=me.id, typing=bool(typing))
    return NOTHING


@router.post("/complaints/{reference}/drafts/{act}")
def keep_draft(
    desk: Desk, me: Agent, reference: str, act: str,
    text: Annotated[str, Form(max_length=60_000)] = "",
    had: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Keep what is being written; `had` stood there when the page came."""
    complaint = references.parse(reference)
    complainant = desk.desk.state(complaint)[0].received.complainant
    with desk.database.connection() as conn:
        drafts.keep(
            conn, desk.vault, complaint=complaint, complainant=complainant, user=me.id, act=act,
            text=text, at=now(), had=had,
        )  # fmt: skip
    return NOTHING
