"""How does a supervisor write a policy, see what it would change, and adopt it?

Nothing is kept on the server until it is adopted: each answer gives back what was typed.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from projections import stories
from projections.stories import Days
from projections.trial import Trial
from recovery import policybook
from recovery.errors import Invalid, NotFound, RecoveryError, Refused
from recovery.events import Adopted
from recovery.policy.adopt import adoption
from recovery.policy.guarantees.design import QUESTIONS, Answers, remarks
from recovery.policy.guarantees.records import Guarantee
from recovery.policy.lines import line_of
from recovery.policy.packs import packs
from recovery.policy.schema import PolicyError, parse
from web.deps import Desk, Supervisor
from web.pages.books import Book, books, heading
from web.pages.differences import differences
from web.pages.form import Form, Sent
from web.pages.policies import bound, refused
from web.pages.render import go, page, stream
from web.pages.trials import Attempt
from web.pages.viewer import Viewer
from web.runtime import Runtime

router = APIRouter(prefix="/policies/{policy}/draft")
LONGEST = 200_000
"""Characters of a policy that a page takes."""
ANOTHER = (
    'This text says id = "%(id)s", which is another policy of this desk. Change the id, or open'
    " that policy and change it there."
)
FIELDS = ("text", "reason", "open_complaints", "since", "until", "seen", *QUESTIONS)


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed, and what is wrong with the text."""

    form: Form
    text: str
    line: int | None = None
    """On which line it has to be mended."""


@router.get("")
def write(request: Request, desk: Desk, me: Supervisor, policy: str) -> Response:
    """The editor with the text in force, the last one that was, or the one of a pack."""
    book = books(desk.database).get(policy)
    text = book.newest.text if book else packs().get(policy)
    if text is None:
        raise NotFound("There is no such policy here.")
    viewer = Viewer.of(request)
    days = Days.last_quarter(viewer.today)
    seen = book.in_force.version if book and book.in_force else ""
    form = Form(
        "draft",
        {"text": text, "since": str(days.first), "until": str(days.last), "seen": seen,
         "open_complaints": "keep", **_answered_before(desk, book)},
    )  # fmt: skip
    return _page(request, desk, policy, Draft(form=form, text=text))


def _answered_before(desk: Runtime, book: Book | None) -> dict[str, str]:
    """What was answered last when the policy was adopted."""
    adopted = [act for act in book.acts if isinstance(act, Adopted) and act.answers] if book else []
    found = policybook.answers_in(desk.database, desk.vault, adopted[-1]) if adopted else None
    told = {name: getattr(found, name) for name in QUESTIONS} if found else {}
    return {name: answer for name, answer in told.items() if answer != policybook.COMES_ALONG}


@router.post("")
def check(request: Request, desk: Desk, me: Supervisor, policy: str, data: Sent) -> Response:
    """Whether the text can be used, and what is different in it."""
    draft, viewer = _draft(data), Viewer.of(request)
    try:
        _proposed(desk, policy, draft, by=me.by, at=viewer.now, reason=CHECKED)
    except RecoveryError as wrong:
        return _page(request, desk, policy, _wrong(draft, wrong, viewer))
    return _page(request, desk, policy, draft, checked=True)


@router.post("/trial")
def try_out(request: Request, desk: Desk, me: Supervisor, policy: str, data: Sent) -> Response:
    """What the text would have done over a stretch of history, told while it is found out."""
    draft, viewer = _draft(data), Viewer.of(request)
    try:
        proposed = _proposed(desk, policy, draft, by=me.by, at=viewer.now, reason=CHECKED)
        days = Days.parse(draft.form.value("since"), draft.form.value("until"))
    except RecoveryError as wrong:
        return _page(request, desk, policy, _wrong(draft, wrong, viewer))
    zone = ZoneInfo(heading(draft.text).zone)
    known = books(desk.database).keys()
    concerned = proposed.policy if proposed.policy in known else ""
    trial = Trial(proposed=proposed, stretch=days.stretch(zone, concerned), as_of=viewer.now)
    attempt = Attempt(desk, trial, viewer)
    return _page(request, desk, policy, draft, checked=True, attempt=attempt)


@router.post("/adoption")
def adopt(request: Request, desk: Desk, me: Supervisor, policy: str, data: Sent) -> Response:
    """Put the text in force."""
    draft, viewer = _draft(data), Viewer.of(request)
    reason, choice = draft.form.value("reason").strip(), draft.form.value("open_complaints")
    try:
        if not reason:
            raise Invalid("Say why the policy is adopted.", field="reason")
        _proposed(desk, policy, draft, by=me.by, at=viewer.now, reason=reason)
        answers = policybook.answers_to(
            draft.text, Answers(**{name: draft.form.value(name) for name in QUESTIONS})
        )
        event = policybook.adopt(
            desk.store, desk.policies, draft.text, by=me.by, at=viewer.now, reason=reason,
            open_complaints="follow" if choice == "follow" else "keep",
            seen=draft.form.value("seen"), answers=answers, vault=desk.vault,
        )  # fmt: skip
    except policybook.Overtaken as wrong:
        return _page(request, desk, policy, _caught_up(desk, policy, _wrong(draft, wrong, viewer)))
    except RecoveryError as wrong:
        return _page(request, desk, policy, _wrong(draft, wrong, viewer))
    return go(f"/policies/{event.policy}?done=adoption")


@router.get("/{act}")
def again(me: Supervisor, policy: str, act: str) -> Response:
    """Whoever loads the address of an answer again gets the editor."""
    return go(f"/policies/{policy}/draft")


CHECKED = "Not adopted: looked at only."


def _draft(data: Sent) -> Draft:
    """What was typed, with the line ends of a file: browsers send those of a letter."""
    values = {name: value for name in FIELDS if isinstance(value := data.get(name), str)}
    text = values.get("text", "").replace("\r\n", "\n").replace("\r", "\n")
    return Draft(form=Form("draft", values | {"text": text}), text=text)


def _proposed(
    desk: Runtime, policy: str, draft: Draft, *, by: str, at: datetime, reason: str
) -> Adopted:
    """The adoption that the draft would be; raises PolicyError, Invalid and Refused."""
    if len(draft.text) > LONGEST:
        raise Invalid(
            f"This has {len(draft.text):,} characters; the most we can take is {LONGEST:,}.",
            field="text",
        )
    proposed = adoption(draft.text, by=by, at=at, reason=reason, file=policy)
    if proposed.policy != policy and proposed.policy in {*books(desk.database), *packs()}:
        sentence = ANOTHER % {"id": proposed.policy}
        raise Refused(sentence)
    return proposed


def _wrong(draft: Draft, wrong: RecoveryError, viewer: Viewer) -> Draft:
    """The draft with the sentence where it belongs, and the line if it is about the text."""
    if isinstance(wrong, PolicyError):
        line = line_of(draft.text, wrong)
        form = draft.form.with_errors({"text": str(wrong)})
        return Draft(form=form, text=draft.text, line=line)
    return Draft(form=refused(draft.form, wrong, viewer), text=draft.text)


def _caught_up(desk: Runtime, policy: str, draft: Draft) -> Draft:
    """Whoever sends the draft again has seen what others did: the answer shows the differences."""
    book = books(desk.database).get(policy)
    seen = book.in_force.version if book and book.in_force else ""
    return Draft(form=draft.form.with_values({"seen": seen}), text=draft.text, line=draft.line)


def _page(
    request: Request, desk: Runtime, policy: str, draft: Draft, *, checked: bool = False,
    attempt: Attempt | None = None,
) -> Response:  # fmt: skip
    viewer, book = Viewer.of(request), books(desk.database).get(policy)
    if book is None and policy not in packs():
        raise NotFound("There is no such policy here.")
    send, rules = stream if attempt else page, _rules(draft)
    return send(
        request, "policies/draft.html", viewer=viewer, status=422 if draft.form.failed else 200,
        policy=policy, title=(book.heading if book else heading(packs()[policy])).title,
        form=draft.form, at_line=draft.line, lines=draft.text.split("\n"),
        book=book, checked=checked, attempt=attempt,
        compared=differences(book.in_force.text, draft.text) if book and book.in_force else None,
        open_now=_open_now(desk, book) if book else 0,
        questions=tuple(QUESTIONS) if rules else (), remarks=remarks(rules),
    )  # fmt: skip


def _rules(draft: Draft) -> tuple[Guarantee, ...]:
    """The guarantees of the text, each once; none where it cannot be read."""
    try:
        versions = parse(draft.text).versions
    except PolicyError:
        return ()
    return tuple({rule.name: rule for each in versions for rule in each.guarantees}.values())


def _open_now(desk: Runtime, book: Book) -> int:
    """How many complaints that are open now would follow."""
    with desk.database.connection() as conn:
        return sum(each.count for each in bound(book, stories.open_by_version(conn)))
