"""Review how complaints were treated: draw a sample, answer the form blind, read what came out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from projections import quality as samples
from projections.health import wait_for
from projections.quality import Case
from projections.sampling import STRATA
from recovery import quality
from recovery.errors import Forbidden, Invalid, NotFound, Refused, StoreUnavailable
from recovery.events import QualityQuestion, Recorded, complaint_stream, subject
from recovery.quality import MARKS, handled_by
from recovery.vault import Words
from web.accounts import User
from web.deps import Agent, Desk, Supervisor
from web.errors import BadBody
from web.fairness import sentences
from web.i18n import mark
from web.pages.acts import identity
from web.pages.entries import who
from web.pages.form import Form, Sent
from web.pages.reading import names, opened, papers, reader
from web.pages.render import go, page
from web.pages.saving import CSV, saved
from web.pages.sentences import translated
from web.pages.viewer import Viewer
from web.quality import blind
from web.quality.drawing import USUAL_SIZE, drawn
from web.quality.results import Results, as_csv, results
from web.runtime import Runtime

METHOD_NAMES = {
    "random": mark("at random"),
    "stratified": mark("in shares"),
    "risk": mark("by risk"),
}
MARK_NAMES = {
    "yes": mark("yes"), "partly": mark("in part"), "no": mark("no"),
    "not_applicable": mark("does not apply"),
}  # fmt: skip
HOUSE_QUESTIONS = (
    mark("Do the letters show that the complaint was understood?"),
    mark("Was responsibility taken where it was ours?"),
    mark("Was it explained what went wrong, and why?"),
    mark("Was it said what follows, and by when?"),
    mark("Was the tone respectful throughout?"),
    mark("Was the outcome fair, as far as the case shows?"),
)
"""Those that come with the desk (`recovery.quality.HOUSE_FORM`), to be translated."""
router = APIRouter(prefix="/quality")
Place = Annotated[int, Path(ge=1, le=10_000)]


class Line(msgspec.Struct, frozen=True):
    """One case of a sample as its reviewer sees it in the list."""

    place: int
    state: str
    """"yours", "own", "waits", "disputed", "done"."""


# ---------------------------------------------------------------- samples


@router.get("")
def index(request: Request, desk: Desk, me: Agent) -> Response:
    """What there is to review; supervisors draw here."""
    return _index(request, desk, me, Form("draw", {"size": str(USUAL_SIZE), "method": "random"}))


@router.post("")
def draw(request: Request, desk: Desk, me: Supervisor, data: Sent) -> Response:
    """Draw a sample and put it on record."""
    viewer, form = Viewer.of(request), Form.sent("draw", data)
    people = {user.by for user in desk.accounts.users()}
    try:
        with reader(desk) as conn:
            found = drawn(conn, form, people, now=viewer.now, zone=viewer.zone.key)
        done = quality.draw(
            desk.store, found, by=me.by, at=viewer.now,
            command=identity(me.by, str(data.get("command", "")), form),
        )  # fmt: skip
    except BadBody as wrong:
        said = {each.field: translated(each.message, viewer) for each in wrong.errors}
        return _index(request, desk, me, form.with_errors(said))
    except Invalid as wrong:
        return _index(request, desk, me, form.refused(wrong, viewer))
    _wait(desk, done.position)
    return go(f"/quality/{subject(done.stream)}?done=sample")


@router.get("/form")
def questions(request: Request, desk: Desk, me: Supervisor) -> Response:
    """The questions that are asked of samples drawn from now on."""
    viewer = Viewer.of(request)
    asked = "\n".join(_said(quality.form(desk.store), viewer))
    return _form(request, viewer, Form("questions", {"questions": asked}))


@router.post("/form")
def write_form(request: Request, desk: Desk, me: Supervisor, data: Sent) -> Response:
    """Ask other questions from now on."""
    viewer, form = Viewer.of(request), Form.sent("questions", data)
    try:
        quality.write_form(
            desk.store, form.value("questions").splitlines(), by=me.by, at=viewer.now,
            command=identity(me.by, str(data.get("command", "")), form),
        )  # fmt: skip
    except (Invalid, Refused) as wrong:
        return _form(request, viewer, form.refused(wrong, viewer))
    return go("/quality/form?done=template")


@router.get("/{sample}")
def one(request: Request, desk: Desk, me: Agent, sample: str) -> Response:
    """How far it has come, and for supervisors what it says."""
    viewer, cases = Viewer.of(request), _cases(desk, me, sample)
    people = names(desk)
    handled = _handled(desk, cases)
    return page(
        request, "quality/sample.html", viewer=viewer, sample=sample, first=cases[0],
        lines=[_line(case, me, handled) for case in cases], next=_next(cases, me, handled),
        reviewers=[who(by, people, viewer) for by in cases[0].reviewers],
        by=who(cases[0].drawn_by, people, viewer), methods=METHOD_NAMES,
        found=_results(desk, cases, viewer) if me.may("supervisor") else None,
        stratum=sentences.dimension_name(cases[0].stratum, viewer.say) if cases[0].stratum else "",
        marks=MARK_NAMES,
    )  # fmt: skip


@router.get("/{sample}/results.csv")
def table(request: Request, desk: Desk, me: Supervisor, sample: str) -> Response:
    """The answers for a spreadsheet."""
    viewer = Viewer.of(request)
    found = _results(desk, _cases(desk, me, sample), viewer)
    return saved(as_csv(found), CSV, f"quality-{sample}.csv")


@router.get("/{sample}/results.json")
def result(request: Request, desk: Desk, me: Supervisor, sample: str) -> Response:
    """The same for a program."""
    viewer = Viewer.of(request)
    found = _results(desk, _cases(desk, me, sample), viewer)
    return saved(msgspec.json.encode(found), "application/json", f"quality-{sample}.json")


# ---------------------------------------------------------------- cases


@router.get("/{sample}/{place}")
def case(request: Request, desk: Desk, me: Agent, sample: str, place: Place) -> Response:
    """The case without whose it is, and the form."""
    return _case(request, desk, me, sample, place, Form("review"))


@router.post("/{sample}/{place}/review")
def review(
    request: Request, desk: Desk, me: Agent, sample: str, place: Place, data: Sent
) -> Response:
    """Answer the form."""
    viewer, form = Viewer.of(request), Form.sent("review", data)
    cases = _cases(desk, me, sample)
    try:
        done = quality.mark(
            desk.store, desk.vault, sample, _at(cases, place).complaint, marks=_marks(form),
            words=form.value("words"), by=me.by, at=viewer.now,
            command=identity(me.by, str(data.get("command", "")), form),
        )  # fmt: skip
    except (Invalid, Refused, Forbidden, StoreUnavailable) as wrong:
        return _case(request, desk, me, sample, place, form.refused(wrong, viewer))
    _wait(desk, done.position)
    following = _next(_cases(desk, me, sample), me, _handled(desk, cases))
    return go(f"/quality/{sample}/{following}?done=review" if following
              else f"/quality/{sample}?done=review")  # fmt: skip


@router.post("/{sample}/{place}/settlement")
def settlement(
    request: Request, desk: Desk, me: Agent, sample: str, place: Place, data: Sent
) -> Response:
    """Decide what two reviewers answered differently."""
    viewer, form = Viewer.of(request), Form.sent("review", data)
    complaint = _at(_cases(desk, me, sample), place).complaint
    try:
        done = quality.settle(
            desk.store, desk.vault, sample, complaint, marks=_marks(form),
            words=form.value("words"), by=me.by, at=viewer.now,
            command=identity(me.by, str(data.get("command", "")), form),
        )  # fmt: skip
    except (Invalid, Refused, StoreUnavailable) as wrong:
        return _case(request, desk, me, sample, place, form.refused(wrong, viewer))
    _wait(desk, done.position)
    return go(f"/quality/{sample}?done=review")


@router.get("/{sample}/{place}/{act}")
def back(me: Agent, sample: str, place: Place, act: str) -> Response:
    """Whoever loads the address of a form again gets the case."""
    return go(f"/quality/{sample}/{place}")


# ---------------------------------------------------------------- what the pages show


def _index(request: Request, desk: Runtime, me: User, form: Form) -> Response:
    viewer, people = Viewer.of(request), names(desk)
    with reader(desk) as conn:
        found = samples.latest(conn, me=me.by)
    seen = [each for each in found if me.may("supervisor") or me.by in each.reviewers]
    return page(
        request, "quality/index.html", viewer=viewer, status=422 if form.failed else 200,
        form=form, samples=seen,
        methods=[(name, viewer.say(words)) for name, words in METHOD_NAMES.items()],
        people=[(user.by, user.name) for user in desk.accounts.users()],
        strata=[(name, sentences.dimension_name(name, viewer.say)) for name in STRATA],
        who=lambda by: who(by, people, viewer), me=me.by,
    )  # fmt: skip


def _form(request: Request, viewer: Viewer, form: Form) -> Response:
    return page(
        request, "quality/form.html", viewer=viewer, status=422 if form.failed else 200, form=form
    )


def _case(
    request: Request, desk: Runtime, me: User, sample: str, place: int, form: Form
) -> Response:  # fmt: skip
    viewer, cases = Viewer.of(request), _cases(desk, me, sample)
    found = _at(cases, place)
    records = desk.store.records(complaint_stream(found.complaint))
    if not records or found.complaint in me.hidden:
        raise NotFound("There is no such case in this sample.")
    mine = next((each for each in found.reviews if each.by == me.by), None)
    both, asked = len(found.reviews) >= 2, _asked(desk, found, viewer)
    answers = [(name, viewer.say(words)) for name, words in MARK_NAMES.items()]
    with reader(desk) as conn:
        comments = [each.words for each in (*found.reviews, found.settled) if each]
        kept = papers(conn, desk, [*blind.wanted(records), *comments], viewer)
    return page(
        request, "quality/case.html", viewer=viewer, status=422 if form.failed else 200,
        form=form, sample=sample, case=found, several=len(cases), mine=mine, both=both,
        passages=blind.passages(records, kept, names(desk).values(), viewer),
        own=me.by in handled_by(records), may_review=me.by in found.reviewers,
        questions=asked, asked_open=[each for each in asked if each[0] in found.disputed],
        answers=answers, answers_said=dict(answers),
        comments=[words.text for paper in comments
                  if both and (words := opened(kept, paper, Words))],
    )  # fmt: skip


def _cases(desk: Runtime, me: User, sample: str) -> list[Case]:
    """Raises NotFound, and Forbidden for whoever neither reviews it nor supervises."""
    with reader(desk) as conn:
        found = samples.cases(conn, sample)
    if not found:
        raise NotFound("There is no such sample.")
    if me.by not in found[0].reviewers and not me.may("supervisor"):
        raise Forbidden("You are not among the reviewers of this sample.")
    return found


def _at(cases: Sequence[Case], place: int) -> Case:
    if place > len(cases):
        raise NotFound("There is no such case in this sample.")
    return cases[place - 1]


def _handled(desk: Runtime, cases: Sequence[Case]) -> dict[str, set[str]]:
    """By complaint: who handled it, all in one statement."""
    streams = {complaint_stream(case.complaint): case.complaint for case in cases}
    found: dict[str, list[Recorded]] = desk.store.several(list(streams))
    return {complaint: handled_by(found.get(stream, [])) for stream, complaint in streams.items()}


def _line(case: Case, me: User, handled: dict[str, set[str]]) -> Line:
    mine = any(each.by == me.by for each in case.reviews)
    if case.disputed and not mine:
        return Line(case.place, "own" if me.by in handled[case.complaint] else "disputed")
    if case.disputed:
        return Line(case.place, "waits")
    if len(case.reviews) >= 2 or mine:
        return Line(case.place, "done" if len(case.reviews) >= 2 else "waits")
    if me.by in handled[case.complaint]:
        return Line(case.place, "own")
    return Line(case.place, "yours" if me.by in case.reviewers else "waits")


def _next(cases: Sequence[Case], me: User, handled: dict[str, set[str]]) -> int:
    """The next case that waits for this reviewer; 0 where none does."""
    lines = (_line(case, me, handled) for case in cases)
    return next((line.place for line in lines if line.state == "yours"), 0)


def _asked(desk: Runtime, case: Case, viewer: Viewer) -> list[tuple[str, str]]:
    asked = quality.form(desk.store, case.form)
    return [(q.code, words) for q, words in zip(asked, _said(asked, viewer), strict=True)]


def _said(asked: Sequence[QualityQuestion], viewer: Viewer) -> list[str]:
    """The desk's own questions in the viewer's language, the organisation's as they are."""
    return [viewer.say(each.text) if each.text in HOUSE_QUESTIONS else each.text for each in asked]


def _results(desk: Runtime, cases: Sequence[Case], viewer: Viewer) -> Results:
    asked = quality.form(desk.store, cases[0].form)
    spoken = [QualityQuestion(q.code, words)
              for q, words in zip(asked, _said(asked, viewer), strict=True)]  # fmt: skip
    return results(cases, spoken)


def _wait(desk: Runtime, position: int) -> None:
    with reader(desk) as conn:
        wait_for(conn, position)


def _marks(form: Form) -> dict[str, str]:
    return {name: form.value(name) for name in form.content if form.value(name) in MARKS}
