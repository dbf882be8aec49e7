"""What does an audit show, the same in the page, on paper and in mail?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from recovery.fairness.records import Answer
from recovery.vault import Words
from web.fairness import charts, limits, sentences
from web.fairness.showing import shown
from web.fairness.stored import Audit
from web.fairness.tables import told
from web.i18n import mark
from web.pages.entries import who
from web.pages.reading import opened
from web.pages.templates import environment
from web.pages.viewer import Viewer


def title(found: Audit, viewer: Viewer) -> str:
    """What was asked, in a few words."""
    question = found.question
    return viewer.say(mark("%(measure)s by %(group)s")) % {
        "measure": sentences.measure_name(question.measure, viewer.say),
        "group": sentences.dimension_name(question.group, viewer.say),
    }


def papers(found: Audit) -> list[str]:
    """The papers with what was said at the sign-off."""
    signed = found.signed
    return [each.paper for each in (signed.words, signed.follow_up) if each] if signed else []


def values(
    found: Audit, viewer: Viewer, people: dict[str, str], words: Mapping[str, bytes]
) -> dict[str, Any]:
    """Everything that the templates name, but what only the page has."""
    question, answer, signed = found.question, found.answer, found.signed
    follow_up = signed.follow_up if signed else None

    drivers = {
        each.driver for each in getattr(answer, "comparisons", ()) if getattr(each, "driver", "")
    }

    def in_stratum(stratum: str) -> str:
        return sentences.stratum_name(stratum, question, viewer.say)

    return {
        "audit": found,
        "heading": title(found, viewer),
        "title": sentences.measure_name(question.measure, viewer.say),
        "group_title": sentences.dimension_name(question.group, viewer.say),
        "strata": sentences.strata_name(question, viewer.say),
        "told": sentences.headline(answer, question, viewer.say),
        "remarks": [
            *(sentences.remark(each, answer, question, viewer.say) for each in answer.remarks),
            viewer.say(sentences.CONDITIONAL),
        ],
        "pictures": _pictures(found, viewer),
        "tables": [each for each in map(told, limits.told(answer, question)) if each.rows],
        "cell": lambda table, column, value: (
            in_stratum(value) if column == "stratum" else shown(table, column, value, viewer.say)
        ),
        "stratum_name": in_stratum,
        "group_name": lambda group: sentences.short_name(group, answer, question, viewer.say),
        "drivers": drivers,
        "driver_names": [in_stratum(each) for each in drivers],
        "left_out": [(why, count) for why, count in _left_out(answer, viewer) if count],
        "by": who(found.ran.by, people, viewer),
        "signer": who(signed.by, people, viewer) if signed else "",
        "comment": opened(words, signed.words.paper, Words) if signed else None,
        "follow_up": opened(words, follow_up.paper, Words) if follow_up else None,
    }  # fmt: skip


def on_paper(
    found: Audit, viewer: Viewer, people: dict[str, str], words: Mapping[str, bytes]
) -> str:
    """The page that is printed."""
    template = environment(viewer.language).get_template("audits/paper.html")
    return template.render(v=viewer, **values(found, viewer, people, words))


def _pictures(found: Audit, viewer: Viewer) -> dict[str, Markup]:
    drawn = charts.pictures(
        found.answer, found.question, viewer.say, digest=found.ran.digest, language=viewer.language
    )
    return {name: Markup(svg) for name, svg in drawn.items()}  # noqa: S704 (drawn by ourselves)


def _left_out(answer: Answer, viewer: Viewer) -> list[tuple[str, int]]:
    out = answer.left_out
    return [
        (viewer.say(mark("not closed by then")), out.open),
        (viewer.say(mark("withdrawn, or without what is measured")), out.does_not_apply),
        (viewer.say(mark("not known")), out.not_known),
        (viewer.say(mark("in no group")), out.no_group),
        (viewer.say(mark("in no stratum")), out.no_stratum),
    ]
