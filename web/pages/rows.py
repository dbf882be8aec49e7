"""How does one complaint look among fifty?

Its row is put together here and not in the template because a queue has fifty of them: Jinja takes
longer over the cells of a row than over the rest of the page. Each part is escaped or a mark.

Agents look at the same rows again and again. One that shows the same is not put together anew
within TICK, so "20 min left" may be as old as that; what it shows is read anew for every page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import msgspec
from markupsafe import Markup, escape

from projections.lines import Line
from recovery import reference as references
from recovery.vault import Contact, Words
from web.pages import marks
from web.pages.clockface import most_urgent
from web.pages.columns import Column
from web.pages.marks import clock, icon, moment, nobody, person, soft, tag
from web.pages.reading import opened, title
from web.pages.steps import pips
from web.pages.viewer import Viewer
from web.pages.words import labeller

TICK = 10
"""Seconds."""
MOST_DRAWN = 5_000
TONES = {"high": "soon", "critical": "late"}
"""Of the severities that are marked: those that are more than normal."""


class Shown(msgspec.Struct, frozen=True):
    """What every row of a page is written with."""

    papers: Mapping[str, bytes]
    people: Mapping[str, str]
    viewer: Viewer
    columns: tuple[Column, ...]
    here: Mapping[str, list[str]]
    """By complaint: who has it open now."""

    @property
    def tick(self) -> int:
        return int(self.viewer.now.timestamp()) // TICK


_drawn: dict[object, Markup] = {}
_ticks: list[int] = [0]
"""The tick that the drawn rows are of."""


def rows(lines: Iterable[Line], shown: Shown) -> list[Markup]:
    """Lines of the queue in the viewer's words."""
    if _ticks[0] != shown.tick or len(_drawn) > MOST_DRAWN:
        _drawn.clear()
        _ticks[0] = shown.tick
    look = (shown.viewer.language, shown.viewer.zone.key, shown.columns)
    return [_kept(line, shown, look) for line in lines]


def _kept(line: Line, shown: Shown, look: object) -> Markup:
    """The row as it was drawn a moment ago, where everything that it shows is still the same."""
    seen = (
        line, look, shown.papers.get(line.words or ""), shown.papers.get(line.contact or ""),
        shown.people.get(line.assignee or ""), *shown.here.get(line.reference, ()),
    )  # fmt: skip
    found = _drawn.get(seen)
    if found is None:
        found = _drawn[seen] = _draw(line, shown)
    return found


def _draw(line: Line, shown: Shown) -> Markup:
    viewer = shown.viewer
    reference = references.show(line.reference)
    unread = ' class="is-unread"' if line.unanswered_since else ""
    title = _title(line, shown.papers, viewer)
    choose = viewer.say("Choose %(reference)s") % {"reference": reference}
    cells = (
        f'<td class="cell-choose"><input type="checkbox" name="complaint" form="bulk"'
        f' value="{line.reference}" aria-label="{escape(choose)}" data-choose></td>'
        f'<td class="cell-title"><span class="title">{_signs(line, viewer)}'
        f'<a class="cut" href="/complaints/{reference}" data-row>{title}</a>'
        f"{_here(line, shown)}</span></td>"
    )
    for column in shown.columns:
        cells += f'<td class="{column.cell}">{CELLS[column.name](line, shown)}</td>'
    return Markup(f'<tr{unread} data-reference-of="{reference}">{cells}</tr>')  # noqa: S704 (escaped)


def _here(line: Line, shown: Shown) -> str:
    """Who looks at it at this moment."""
    found = shown.here.get(line.reference)
    if not found:
        return ""
    return f'<span class="here">{icon("person", opened_by(found, shown.viewer))}</span>'


def opened_by(people: Iterable[str], viewer: Viewer) -> str:
    """That these people have it open."""
    return viewer.say("Open now: %(people)s") % {"people": ", ".join(people)}


def _signs(line: Line, viewer: Viewer) -> str:
    """What is out of the ordinary."""
    found = ""
    if tone := TONES.get(line.severity):
        found += tag(labeller(viewer.language)("severity", line.severity), tone, "flag")
    if line.unanswered_since:
        found += icon("speak", viewer.say("Awaits an answer"))
    return found


def _title(line: Line, papers: Mapping[str, bytes], viewer: Viewer) -> str:
    """What it is about, as far as that was not forgotten."""
    about = title(opened(papers, line.words, Words))
    about = about or labeller(viewer.language)("category", line.category)
    return escape(about or viewer.say("Words forgotten"))


def _who(line: Line, shown: Shown) -> str:
    contact = opened(shown.papers, line.contact, Contact) or Contact()
    name = escape(contact.name or contact.email or contact.phone or "–")
    if not line.tier or any(column.name == "tier" for column in shown.columns):
        return name
    tier = escape(labeller(shown.viewer.language)("tier", line.tier))
    return f'{name} <span class="soft">· {tier}</span>'


def _due(line: Line, shown: Shown) -> str:
    """The most urgent clock, or how it ended."""
    viewer = shown.viewer
    if line.ties.merged:
        return tag(viewer.say("Answered under %(reference)s")
                   % {"reference": references.show(line.ties.into)})  # fmt: skip
    if not line.open:
        return tag(labeller(viewer.language)("outcome", line.outcome or "not_known"))
    face = most_urgent(line.clocks, viewer)
    return clock(face) if face else soft(viewer.say("nothing promised"))


def _stage(line: Line, shown: Shown) -> str:
    viewer = shown.viewer
    return marks.pips(pips(line, viewer.now), labeller(viewer.language)("stage", line.stage))


def _wants(line: Line, shown: Shown) -> str:
    label = labeller(shown.viewer.language)
    words = ", ".join(label("desired", wish) for wish in line.desired_outcomes)
    return f'<span class="cut" title="{escape(words)}">{escape(words)}</span>' if words else ""


def _agent(line: Line, shown: Shown) -> str:
    if line.assignee:
        return person(shown.people.get(line.assignee, line.assignee))
    return nobody(shown.viewer.say("nobody yet"))


def _received(line: Line, shown: Shown) -> str:
    return moment(shown.viewer, line.received_at)


def _coded(kind: str) -> Callable[[Line, Shown], str]:
    """A cell with the words for a code."""

    def cell(line: Line, shown: Shown) -> str:
        code = getattr(line, kind)
        return escape(labeller(shown.viewer.language)(kind, code)) if code else ""

    return cell


CELLS: dict[str, Callable[[Line, Shown], str]] = {
    "who": _who,
    "due": _due,
    "steps": _stage,
    "wants": _wants,
    "category": _coded("category"),
    "tier": _coded("tier"),
    "channel": _coded("channel"),
    "agent": _agent,
    "at": _received,
    "ref": lambda line, _: references.show(line.reference),
}
"""By the name of the column."""
