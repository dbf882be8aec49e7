"""How do agents, teams or months lie between limits, from what an audit shows of them?

Agents and teams get the limits of a funnel plot and no rank; months those of a control chart.
"""

from __future__ import annotations

from recovery.fairness import control
from recovery.fairness.control import Point
from recovery.fairness.funnel import Funnel, UnitCell, funnel
from recovery.fairness.records import Answer, NumberAnswer, Question, ShareAnswer, TimeAnswer
from recovery.fairness.shares import PEOPLE
from web.fairness.tables import Table, tables
from web.i18n import mark

PLACES = {
    "within": mark("within"), "low": mark("below the limits of 95 %"),
    "high": mark("above the limits of 95 %"), "very_low": mark("below the limits of 99.8 %"),
    "very_high": mark("above the limits of 99.8 %"),
}  # fmt: skip


def of_people(answer: Answer, question: Question) -> Funnel | None:
    """The funnel of agents or teams whose figures are shown; None for other groups."""
    if not isinstance(answer, ShareAnswer) or question.group not in PEOPLE:
        return None
    found = funnel([
        UnitCell(g.group, "", g.n, g.yes) for g in answer.groups if g.n is not None and g.yes
        is not None
    ])  # fmt: skip
    return found if len(found.units) > 1 else None


def over_time(answer: Answer, question: Question) -> tuple[Point, ...]:
    """The control chart of months; empty for other groups and for too few of them."""
    if question.group != "month":
        return ()
    match answer:
        case ShareAnswer():
            return control.shares([
                (g.group, g.n, g.yes) for g in answer.groups if g.n and g.yes is not None
            ])  # fmt: skip
        case TimeAnswer():
            return control.values([(g.group, g.median) for g in answer.groups if g.median])
        case NumberAnswer():
            return control.values([(g.group, g.mean.value) for g in answer.groups if g.mean])


def told(answer: Answer, question: Question) -> tuple[Table, ...]:
    """Every table of an audit."""
    found = table(answer, question)
    return (*tables(answer), *([found] if found else []))


def table(answer: Answer, question: Question) -> Table | None:
    """What the picture of the limits says, in figures."""
    if found := of_people(answer, question):
        return Table(
            "limits", mark("What chance leaves them"),
            (("group", mark("Who")), ("complaints", mark("Complaints")), ("share", mark("Share")),
             ("from", mark("95 % from")), ("to", mark("to")), ("place", mark("Where it lies"))),
            tuple((u.unit, u.n, u.share, u.low, u.high, PLACES[u.place]) for u in found.units),
            frozenset(("share", "from", "to")),
        )  # fmt: skip
    points = over_time(answer, question)
    if not points:
        return None
    share, lengths = isinstance(answer, ShareAnswer), isinstance(answer, TimeAnswer)
    measured = frozenset(("value", "mean", "from", "to"))
    return Table(
        "limits", mark("From month to month"),
        (("group", mark("Month")), ("value", mark("Value")), ("mean", mark("Mean")),
         ("from", mark("Limits from")), ("to", mark("to")), ("place", mark("Signal"))),
        tuple((p.name, p.value, p.mean, p.low, p.high, _signal(p)) for p in points),
        measured if share else frozenset(), measured if lengths else frozenset(),
    )  # fmt: skip


def _signal(point: Point) -> str | None:
    if point.beyond:
        return mark("beyond the limits")
    return mark("eight in a row on one side") if point.run else None
