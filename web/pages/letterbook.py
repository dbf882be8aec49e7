"""How do supervisors change what letters say, see it on a real complaint, and go back?"""

from __future__ import annotations

from typing import Annotated, get_args
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from projections.whole import whole
from recovery import letterbook
from recovery import reference as references
from recovery import text as texts
from recovery.errors import Invalid, RecoveryError, Refused
from recovery.events import LetterKind, complaint_stream
from recovery.letterbook import Tongue
from recovery.vault import WrittenLetter
from web.deps import Agent, Desk, Supervisor
from web.mail.facts import Undeliverable, facts_of, letter_of, papers_of
from web.mail.letters import CONTEXT, Facts, write
from web.mail.own import FIELDS, checked, shipped
from web.mail.samples import FACTS
from web.pages.form import Form, Sent, check
from web.pages.policies import refused
from web.pages.reading import names, papers, reader
from web.pages.render import go, page
from web.pages.viewer import Viewer
from web.runtime import Runtime

router = APIRouter(prefix="/mail/templates")
TONGUES: tuple[Tongue, ...] = get_args(Tongue)


@router.get("")
def overview(request: Request, desk: Desk, me: Supervisor) -> Response:
    """Each letter in each language, and the pieces of text."""
    return _overview(request, desk, Form("module"))


@router.get("/modules.json")
def lookup(desk: Desk, me: Agent, q: Annotated[str, Query(max_length=40)] = "") -> JSONResponse:
    """The pieces of text whose names begin like this, for whoever writes a letter."""
    found = [m for m in letterbook.modules(desk.store) if m.name.startswith(q)]
    return JSONResponse([{"name": m.name, "en": m.english, "zh": m.chinese} for m in found])


@router.post("/modules")
def put_module(request: Request, desk: Desk, me: Supervisor, data: Sent) -> Response:
    """Offer a piece of text, change it, or offer it no longer."""
    form, now = Form.sent("module", data), Viewer.of(request).now
    try:
        if form.value("drop"):
            letterbook.drop_module(desk.store, name=form.value("drop"), by=me.by, at=now)
        else:
            letterbook.write_module(
                desk.store, name=form.value("name"), english=form.value("english"),
                chinese=form.value("chinese"), by=me.by, at=now,
            )  # fmt: skip
    except RecoveryError as wrong:
        return _overview(request, desk, refused(form, wrong, Viewer.of(request)))
    return go("/mail/templates?done=template#modules")


@router.get("/{kind}/{tongue}")
def edit(request: Request, desk: Desk, me: Supervisor, kind: str, tongue: str) -> Response:
    """The editor with the words in use."""
    which = _which(kind, tongue)
    book = letterbook.book(desk.store, *which)
    template = book.template
    subject, text = (template.subject, template.text) if template else shipped(*which)
    values = {"subject": subject, "text": text, "seen": str(book.seen)}
    return _page(request, desk, which, Form("template", values))


@router.post("/{kind}/{tongue}")
def save(
    request: Request, desk: Desk, me: Supervisor, kind: str, tongue: str, data: Sent
) -> Response:
    """Look at the words on a complaint, put them in use, or go back to an earlier version."""
    which, viewer = _which(kind, tongue), Viewer.of(request)
    form = _plain(Form.sent("template", data))
    seen = form.value("seen")
    at = {"by": me.by, "at": viewer.now, "seen": texts.whole(seen) or 0}
    try:
        if back := form.value("back"):
            found = texts.whole(back)
            number = -1 if found is None else found
            letterbook.revert(desk.store, *which, version=number, **at)  # type: ignore[arg-type]
            return go(f"/mail/templates/{kind}/{tongue}?done=template")
        check(
            lambda: checked(which[0], form.value("subject"), field="subject"),
            lambda: checked(which[0], form.value("text"), field="text"),
        )
        if form.value("act") != "save":
            return _page(request, desk, which, form, preview=_preview(desk, which, form, viewer))
        letterbook.write(
            desk.store, *which, subject=form.value("subject"), text=form.value("text"),
            **at,  # type: ignore[arg-type]
        )  # fmt: skip
    except RecoveryError as wrong:
        return _page(request, desk, which, refused(form, wrong, viewer))
    return go(f"/mail/templates/{kind}/{tongue}?done=template")


def _which(kind: str, tongue: str) -> tuple[LetterKind, Tongue]:
    if kind not in CONTEXT or tongue not in TONGUES:
        raise HTTPException(404)
    return kind, tongue


def _plain(form: Form) -> Form:
    """With the line ends of a text: browsers send those of a letter."""
    return form.with_values({"text": form.value("text").replace("\r\n", "\n")})


def _preview(
    desk: Runtime, which: tuple[LetterKind, Tongue], form: Form, viewer: Viewer
) -> WrittenLetter:
    """The letter as it would be written now, of the complaint that was named or of an example."""
    typed = form.value("reference").strip()
    facts = _facts(desk, which[0], typed, viewer) if typed else FACTS[which[1]]
    return write(which[0], which[1], facts, own=(form.value("subject"), form.value("text")))


def _facts(desk: Runtime, kind: LetterKind, typed: str, viewer: Viewer) -> Facts:
    """From the last act that owed such a letter, or else from the last thing that happened."""
    reference = references.parse(typed)
    records = desk.store.records(complaint_stream(reference))
    with reader(desk) as conn:
        seen = whole(conn, reference)
        if not records or seen is None:
            raise Invalid("There is no such complaint.", field="reference")
        last = max(
            (r.version for r in records if (owed := letter_of(r.event)) and owed.kind == kind),
            default=len(records),
        )
        lived = records[:last]
        kept = papers(conn, desk, papers_of(lived), viewer)
    try:
        return facts_of(
            lived, papers=kept, clocks=seen.ticket.clocks, organisation=desk.settings.organisation,
            zone=ZoneInfo(desk.settings.time_zone),
            page=f"{desk.settings.base_url}/mine/…",
        )  # fmt: skip
    except Undeliverable:
        raise Refused("This complainant cannot be written to. Choose another complaint.") from None


def _overview(request: Request, desk: Runtime, form: Form) -> Response:
    books = [
        (kind, tongue, letterbook.book(desk.store, kind, tongue))
        for kind in CONTEXT for tongue in TONGUES
    ]  # fmt: skip
    return page(
        request, "letterbook.html", status=422 if form.failed else 200, books=books, form=form,
        modules=letterbook.modules(desk.store), people=names(desk),
    )  # fmt: skip


def _page(
    request: Request, desk: Runtime, which: tuple[LetterKind, Tongue], form: Form, *,
    preview: WrittenLetter | None = None,
) -> Response:  # fmt: skip
    kind, tongue = which
    return page(
        request, "template.html", status=422 if form.failed else 200, kind=kind, tongue=tongue,
        form=form, book=letterbook.book(desk.store, kind, tongue), fields=FIELDS[kind],
        preview=preview, people=names(desk),
    )  # fmt: skip
