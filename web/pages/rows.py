"""How does one complaint look among fifty?

Its row is put together here and not in the template because a queue has fifty of them: Jinja takes
longer over the cells of a row than over the rest of the page. Each part is escaped or a mark.
"""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup, escape

from projections.views import Line
from recovery import reference as references
from recovery.vault import Contact, Words
from web.pages import marks
from web.pages.clockface import most_urgent
from web.pages.marks import clock, icon, moment, nobody, person, soft, tag
from web.pages.reading import opened, title
from web.pages.steps import pips
from web.pages.viewer import Viewer
from web.pages.words import labeller

TONES = {"high": "soon", "critical": "late"}
"""Of the severities that are marked: those that are more than normal."""


def row(
    line: Line, papers: Mapping[str, bytes], people: Mapping[str, str], viewer: Viewer
) -> Markup:
    """A line of the queue in the viewer's words."""
    reference = references.show(line.reference)
    unread = ' class="is-unread"' if line.unanswered_since else ""
    cells = (
        f'<td class="cell-title"><span class="title">{_signs(line, viewer)}'
        f'<a class="cut" href="/complaints/{reference}" data-row>'
        f"{_title(line, papers, viewer)}</a></span></td>"
        f'<td class="cell-who cut">{_who(line, papers, viewer)}</td>'
        f'<td class="cell-due">{_due(line, viewer)}</td>'
        f'<td class="cell-steps">{_stage(line, viewer)}</td>'
        f'<td class="cell-agent">{_agent(line, people, viewer)}</td>'
        f'<td class="cell-at at nowrap soft">{moment(viewer, line.received_at)}</td>'
        f'<td class="cell-ref ref mono">{reference}</td>'
    )
    return Markup(f"<tr{unread}>{cells}</tr>")  # noqa: S704 (each part is escaped or a mark)


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


def _who(line: Line, papers: Mapping[str, bytes], viewer: Viewer) -> str:
    contact = opened(papers, line.contact, Contact) or Contact()
    name = escape(contact.name or contact.email or contact.phone or "–")
    if not line.tier:
        return name
    tier = escape(labeller(viewer.language)("tier", line.tier))
    return f'{name} <span class="soft">· {tier}</span>'


def _due(line: Line, viewer: Viewer) -> str:
    """The most urgent clock, or how it ended."""
    if not line.open:
        return tag(labeller(viewer.language)("outcome", line.outcome or "not_known"))
    face = most_urgent(line.clocks, viewer)
    return clock(face) if face else soft(viewer.say("nothing promised"))


def _stage(line: Line, viewer: Viewer) -> str:
    return marks.pips(pips(line, viewer.now), labeller(viewer.language)("stage", line.stage))


def _agent(line: Line, people: Mapping[str, str], viewer: Viewer) -> str:
    if line.assignee:
        return person(people.get(line.assignee, line.assignee))
    return nobody(viewer.say("nobody yet"))
