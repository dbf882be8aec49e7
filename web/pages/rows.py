"""How does one complaint look among fifty?

Its row is put together here and not in the template because a queue has fifty of them: Jinja takes
longer over the cells of a row than over the rest of the page. Each part is escaped or a mark.

Agents look at the same rows again and again. One that shows the same is not put together anew
within TICK, so "20 min left" may be as old as that; what it shows is read anew for every page. A
row knows the papers that it shows by how they lie in the vault, and opens them when it is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

import msgspec
from markupsafe import Markup, escape

from projections.lines import Line
from recovery import reference as references
from recovery.vault import Contact, Words
from web.i18n import catalogue
from web.pages import marks
from web.pages.clockface import most_urgent
from web.pages.columns import Column
from web.pages.marks import clock, icon, moment, nobody, person, soft, tag
from web.pages.reading import Papers, opened, title
from web.pages.steps import pips
from web.pages.viewer import Viewer
from web.pages.words import labeller

TICK = 10
"""Seconds."""
MOST_DRAWN = 5_000
TONES = {"high": "soon", "critical": "late"}
"""Of the severities that are marked: those that are more than normal."""
NO_CONTACT = Contact()


class Shown(msgspec.Struct, frozen=True):
    """What every row of a page is written with."""

    papers: Papers
    people: Mapping[str, str]
    viewer: Viewer
    columns: tuple[Column, ...]
    here: Mapping[str, list[str]]
    """By complaint: who has it open now."""

    @property
    def tick(self) -> int:
        return int(self.viewer.now.timestamp()) // TICK


Look = tuple[str, str, tuple[Column, ...]]
"""Language, zone and columns."""
_drawn: dict[Look, dict[str, tuple[object, Markup]]] = {}
"""By look and reference: what a row showed, and the row."""
_ticks: list[int] = [0]
"""The tick that the drawn rows are of."""


def rows(lines: Iterable[Line], shown: Shown) -> Markup:
    """Lines of the queue in the viewer's words."""
    if _ticks[0] != shown.tick or sum(map(len, _drawn.values())) > MOST_DRAWN:
        _drawn.clear()
        _ticks[0] = shown.tick
    kept = _drawn.setdefault((shown.viewer.language, shown.viewer.zone.key, shown.columns), {})
    found = [_kept(line, shown, kept) for line in lines]
    return Markup("\n".join(found))  # noqa: S704 (rows, as they were drawn)


def _kept(line: Line, shown: Shown, kept: dict[str, tuple[object, Markup]]) -> Markup:
    """The row as it was drawn a moment ago, where everything that it shows is still the same."""
    seen = (
        line, shown.papers.sealed(line.words), shown.papers.sealed(line.contact),
        shown.people.get(line.assignee or ""), shown.here.get(line.reference),
    )  # fmt: skip
    found = kept.get(line.reference)
    if found is None or found[0] != seen:
        found = kept[line.reference] = (seen, _draw(line, shown))
    return found[1]


def _draw(line: Line, shown: Shown) -> Markup:
    viewer = shown.viewer
    reference = references.show(line.reference)
    unread = ' class="is-unread"' if line.unanswered_since else ""
    choose = _choose(viewer.language) % {"reference": reference}
    cells = [
        f'<td class="cell-choose"><input type="checkbox" name="complaint" form="bulk"'
        f' value="{line.reference}" aria-label="{choose}" data-choose></td>'
        f'<td class="cell-title"><span class="title">{_signs(line, viewer)}'
        f'<a class="cut" href="/complaints/{reference}" data-row>'
        f"{_title(line, shown.papers, viewer)}</a>{_here(line, shown)}</span></td>"
    ]
    for begin, cell in _cells(shown.columns):
        cells.append(f"{begin}{cell(line, shown)}</td>")
    return Markup(  # noqa: S704 (each part is escaped)
        f'<tr{unread} data-reference-of="{reference}">{"".join(cells)}</tr>'
    )


@lru_cache(maxsize=256)
def _cells(columns: tuple[Column, ...]) -> tuple[tuple[str, Callable[[Line, Shown], str]], ...]:
    """How each cell begins, and what draws the rest of it."""
    tiered = any(column.name == "tier" for column in columns)
    drawing = CELLS | ({"who": _name} if tiered else {})
    return tuple((f'<td class="{column.cell}">', drawing[column.name]) for column in columns)


@lru_cache(maxsize=8)
def _choose(language: str) -> str:
    """What the box says that chooses a row, with a gap for its reference."""
    return str(escape(catalogue(language).gettext("Choose %(reference)s")))


@lru_cache(maxsize=4096)
def _said(language: str, kind: str, code: str) -> Markup:
    """The words for a code."""
    return escape(labeller(language)(kind, code))


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
    tone = TONES.get(line.severity)
    severe = tag(labeller(viewer.language)("severity", line.severity), tone, "flag") if tone else ""
    waits = icon("speak", viewer.say("Awaits an answer")) if line.unanswered_since else ""
    return f"{severe}{waits}"


def _title(line: Line, papers: Mapping[str, bytes], viewer: Viewer) -> str:
    """What it is about, as far as that was not forgotten."""
    about = title(opened(papers, line.words, Words))
    about = about or labeller(viewer.language)("category", line.category)
    return escape(about or viewer.say("Words forgotten"))


def _name(line: Line, shown: Shown) -> str:
    contact = opened(shown.papers, line.contact, Contact) or NO_CONTACT
    return escape(contact.name or contact.email or contact.phone or "–")


def _who(line: Line, shown: Shown) -> str:
    """The name, and the tier where it has no column of its own."""
    name = _name(line, shown)
    if not line.tier:
        return name
    tier = _said(shown.viewer.language, "tier", line.tier)
    return f'{name} <span class="soft">· {tier}</span>'


def _due(line: Line, shown: Shown) -> str:
    """The most urgent clock, or how it ended."""
    viewer = shown.viewer
    if line.ties.merged:
        return tag(viewer.say("Answered under %(reference)s")
                   % {"reference": references.show(line.ties.into)})  # fmt: skip
    if not line.open:
        return tag(labeller(viewer.language)("outcome", line.outcome or "not_known"))
    badge = most_urgent(line.clocks, viewer)
    return clock(badge) if badge else soft(viewer.say("nothing promised"))


def _stage(line: Line, shown: Shown) -> str:
    viewer = shown.viewer
    return marks.pips(pips(line, viewer.now), labeller(viewer.language)("stage", line.stage))


def _wants(line: Line, shown: Shown) -> str:
    return _wishes(shown.viewer.language, line.desired_outcomes)


@lru_cache(maxsize=1024)
def _wishes(language: str, wishes: tuple[str, ...]) -> str:
    label = labeller(language)
    words = escape(", ".join(label("desired", wish) for wish in wishes))
    return f'<span class="cut" title="{words}">{words}</span>' if words else ""


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
        return _said(shown.viewer.language, kind, code) if code else ""

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
