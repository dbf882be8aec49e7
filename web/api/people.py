"""How does a program find, hand over and forget what is kept of a person, and hold it?

The programs of supervisors may.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response

from projections import concerned
from projections import retention as due_people
from recovery import holds, retention
from recovery.errors import Forbidden
from recovery.forgetter import Forgetter
from recovery.forgetting import known
from recovery.holds import Hold, Holds
from recovery.reference import show
from web.api import bodies
from web.api.calls import Calling, answer
from web.api.reading import Reads
from web.api.schema import asks
from web.deps import Desk, Now, Reader, Writer
from web.forgetting import export, finding
from web.pages.viewer import Viewer
from web.runtime import Runtime
from web.tokens import Caller

router = APIRouter(tags=["people"])
Person = Annotated[
    str, Path(pattern="^[0-9a-f]{32}$", description="As `/people` tells it")
]  # fmt: skip


async def _may_read(caller: Reader) -> None:
    """Raises Forbidden."""
    _require(caller)


async def _may_write(caller: Writer) -> None:
    """Raises Forbidden."""
    _require(caller)


def _require(caller: Caller) -> None:
    if not caller.user.may("supervisor"):
        raise Forbidden("This is for people with the role of a supervisor.")


READS, WRITES = [Depends(_may_read)], [Depends(_may_write)]


@router.get("/people", dependencies=READS)
def find(
    desk: Desk, now: Now, caller: Reader, q: Annotated[str, Query(min_length=1, max_length=200)]
) -> Response:
    """Who may be meant by an address, a number, a name or the reference of a complaint."""
    return answer({"people": [
        {"id": each.complainant, "contact": each.contact,
         "complaints": [*map(show, each.complaints)]}
        for each in finding.find(desk, q, _viewer(desk, now), hidden=caller.user.hidden)
    ]})  # fmt: skip


@router.get("/people/{person}", dependencies=READS)
def kept(desk: Desk, now: Now, person: Person) -> Response:
    """How much is kept of somebody, what they brought, and which holds forbid forgetting it."""
    found = known(desk.store, desk.vault, person)
    with desk.database.connection() as conn:
        held = holds.covering(conn, found, at=now)
        why = holds.reasons(conn, desk.vault, held)
    return answer({
        "id": person, "counts": found.counts, "complaints": [*map(show, found.complaints)],
        "elsewhere": [show(each.complaint) for each in found.elsewhere],
        "holds": [_told(hold, why, now) for hold in held],
    })  # fmt: skip


@router.get("/people/{person}/export.zip", dependencies=READS)
def handed_over(desk: Desk, now: Now, person: Person) -> Response:
    """All of it in one file, for them."""
    taken = export.take(desk, known(desk.store, desk.vault, person), at=now)
    content = export.written(taken, _viewer(desk, now))
    return Response(content, media_type="application/zip")


@router.post(
    "/people/{person}/forgetting", dependencies=WRITES, openapi_extra=asks(bodies.Forgetting)
)
def forget(
    call: Calling, person: Person,
    body: Annotated[bodies.Forgetting, Depends(Reads(bodies.Forgetting))],
) -> Response:  # fmt: skip
    """Forget somebody for good; declined under a legal hold, with its reason."""
    desk = call.runtime
    done = call.command and desk.store.done(call.command)
    if not done:
        known(desk.store, desk.vault, person)
        done = Forgetter(desk.store, desk.vault).forget(
            person, by=call.by, at=call.now, reason=body.reason, command=call.command
        )
    return answer({"id": person, "position": done.position})


@router.get("/holds", dependencies=READS)
def all_holds(desk: Desk, now: Now, caller: Reader) -> Response:
    """Every hold there was."""
    with desk.database.connection() as conn:
        unnamed = concerned.unnamed(conn, caller.user.hidden)
        found = [hold for hold in holds.holds(conn) if hold.subject not in unnamed]
        why = holds.reasons(conn, desk.vault, found)
    return answer({"holds": [_told(hold, why, now) for hold in found]})


@router.post("/holds", status_code=201, dependencies=WRITES,
             openapi_extra=asks(bodies.NewHold, status=201))  # fmt: skip
def place(
    call: Calling, body: Annotated[bodies.NewHold, Depends(Reads(bodies.NewHold))]
) -> Response:
    """Forbid forgetting of a complaint, a person or a matter."""
    done = Holds(call.runtime.store, call.runtime.vault).place(
        kind=body.kind, subject=body.subject, reason=body.reason, until=body.until, by=call.by,
        at=call.now, zone=call.runtime.settings.time_zone, command=call.command,
    )  # fmt: skip
    return answer(
        {"hold": done.stream.partition("-")[2], "position": done.position}, status=201
    )  # fmt: skip


@router.post("/holds/{hold}/end", dependencies=WRITES)
def end(call: Calling, hold: Annotated[str, Path(pattern="^[0-9a-f]{16}$")]) -> Response:
    """The dispute is over."""
    done = Holds(call.runtime.store, call.runtime.vault).end(
        hold, by=call.by, at=call.now, command=call.command
    )
    return answer({"hold": hold, "position": done.position})


@router.get("/retention", dependencies=READS)
def rules(desk: Desk, now: Now) -> Response:
    """The rules in force, and how many people they would have forgotten by now."""
    with desk.database.connection() as conn:
        found = retention.rules_in_force(conn)
    counts: dict[str, int] = {}
    if found:
        with desk.database.engine.connect() as read:
            counts = due_people.counts(read, found, now=now)
    return answer({"rules": found, "due": counts.pop("", 0), "by_rule": counts})


def _told(hold: Hold, why: dict[str, str], now: datetime) -> dict[str, Any]:
    subject = show(hold.subject) if hold.kind == "complaint" else hold.subject
    return {
        "hold": hold.hold, "kind": hold.kind, "subject": subject, "until": hold.until,
        "reason": why.get(hold.hold, ""), "by": hold.by, "at": hold.at,
        "ended_at": hold.ended_at, "in_force": hold.in_force(now),
    }  # fmt: skip


def _viewer(desk: Runtime, now: datetime) -> Viewer:
    settings = desk.settings
    return Viewer(
        language=settings.language, zone=settings.time_zone, scheme="auto",
        now=now.astimezone(UTC),
    )  # fmt: skip
