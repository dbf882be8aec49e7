"""Which files go along with the letter that is being written on a complaint's page?

They are kept with the draft, each ticked while it is to go along: chosen, dropped or pasted ones as
soon as they are there, and without script when the form is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import msgspec
from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import Response

from recovery import reference as references
from recovery.errors import Invalid, Refused
from recovery.events import Letter, complaint_stream
from recovery.files import NewFile
from recovery.vault import Files, KeptFile
from web.deps import Agent, Desk
from web.door.uploads import uploads
from web.mail.facts import files_of
from web.pages.attached import size
from web.pages.form import Form, Sent
from web.pages.reading import opened, papers, raw, reader
from web.pages.render import page
from web.pages.sentences import translated
from web.pages.viewer import Viewer
from web.pages.words import labeller
from web.pages.writing import LETTERS, act_of
from web.runtime import Runtime
from web.workbench import drafts
from web.workbench.drafts import Draft

router = APIRouter(prefix="/complaints/{reference}")


class Enclosed(msgspec.Struct, frozen=True):
    """A file that is to go along."""

    paper: str
    name: str
    about: str
    risks: list[str]


@router.post("/drafts/{act}/files")
def keep(
    request: Request, desk: Desk, me: Agent, reference: str, act: str,
    data: Sent,
) -> Response:  # fmt: skip
    """Keep files as they are chosen; answers with the part of the form that lists them."""
    if act not in LETTERS:
        raise HTTPException(404)
    viewer, form, found = Viewer.of(request), Form.sent(act, data), references.parse(reference)
    try:
        offered, chosen = set(form.values("offered")), set(form.values("enclosed"))
        _keep(
            desk, found, me.id, act, uploads(data), viewer.now,
            lambda paper: paper in chosen or paper not in offered,
        )  # fmt: skip
    except (Invalid, Refused) as wrong:
        form = form.with_errors({"files": translated(str(wrong), viewer)})
    with reader(desk) as conn:
        unsent = drafts.drafts(raw(conn), found)
        kept = papers(conn, desk, [draft.paper for draft in unsent], viewer)
    return page(
        request, "complaint/enclosed.html", viewer=viewer, status=422 if form.failed else 200,
        act=act, form=form, reference=references.show(found),
        enclosed=enclosed(unsent, kept, viewer),
    )  # fmt: skip


def enclosed(
    unsent: Iterable[Draft], kept: Mapping[str, bytes], viewer: Viewer
) -> dict[str, list[Enclosed]]:
    """The viewer's own, by act."""
    me = viewer.session.user.id if viewer.session else ""
    return {
        draft.act: [_shown(file, viewer) for file in listing.files]
        for draft in unsent
        if draft.user == me and (listing := opened(kept, draft.paper, Files))
    }


def taken(
    desk: Runtime, reference: str, user: str, form: Form, data: FormData, *, at: datetime
) -> tuple[NewFile, ...]:
    """What goes along with the letter of this form, kept with its draft from now on.

    Raises Invalid for what no letter can carry.
    """
    if form.name not in LETTERS:
        return ()
    new = uploads(data)
    if not new and not form.value("offered"):
        return ()
    chosen = set(form.values("enclosed"))
    return _keep(desk, reference, user, form.name, new, at, lambda paper: paper in chosen)


def put_back(desk: Runtime, reference: str, version: int, user: str, *, at: datetime) -> None:
    """What went along with a letter that was taken back, with the draft of its words again."""
    event = desk.store.records(complaint_stream(reference))[version - 1].event
    letter: Letter | None = getattr(event, "letter", None)
    if letter is None or letter.files is None:
        return
    with desk.database.connection() as conn:
        listed = desk.vault.open_readable(conn, [letter.files.paper])[0]
        files = files_of(event, listed)
        contents = desk.vault.open_readable(conn, [file.content.paper for file in files])[0]
    again = tuple(
        NewFile(file.name, file.type, contents[file.content.paper], file.risks)
        for file in files if file.content.paper in contents
    )  # fmt: skip
    _keep(desk, reference, user, act_of(letter.kind), again, at, lambda _: True)


def _keep(
    desk: Runtime, reference: str, user: str, act: str, new: tuple[NewFile, ...], at: datetime,
    stays: Callable[[str], bool],
) -> tuple[NewFile, ...]:  # fmt: skip
    complainant = desk.desk.state(reference)[0].received.complainant
    with desk.database.connection() as conn:
        return drafts.enclose(
            conn, desk.vault, complaint=reference, complainant=complainant, user=user, act=act,
            stays=stays, new=new, at=at,
        )  # fmt: skip


def _shown(file: KeptFile, viewer: Viewer) -> Enclosed:
    label = labeller(viewer.language)
    return Enclosed(
        file.content.paper, file.name or file.type, f"{file.type} · {size(file.size, viewer)}",
        [label("risk", risk) for risk in file.risks],
    )  # fmt: skip
