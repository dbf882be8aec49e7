"""How is a holiday called in the viewer's language?

A policy writes its holidays out as its calendar names them, in English; those of the United Kingdom
and of the United States have other names here, all others keep theirs.
"""

from __future__ import annotations

from web.i18n import mark
from web.pages.viewer import Viewer

NAMES = (
    mark("New Year's Day"), mark("New Year Holiday"), mark("Good Friday"), mark("Easter Monday"),
    mark("May Day"), mark("Spring Bank Holiday"), mark("Summer Bank Holiday"),
    mark("Late Summer Bank Holiday"), mark("Christmas Day"), mark("Boxing Day"),
    mark("Saint Andrew's Day"), mark("Saint Patrick's Day"), mark("Battle of the Boyne"),
    mark("Martin Luther King Jr. Day"), mark("Washington's Birthday"), mark("Memorial Day"),
    mark("Juneteenth National Independence Day"), mark("Independence Day"), mark("Labor Day"),
    mark("Columbus Day"), mark("Veterans Day"), mark("Thanksgiving Day"),
)  # fmt: skip
OBSERVED = " (observed)"


def called(name: str, viewer: Viewer) -> str:
    """The name of the day; of the day it is kept on, where it falls on a weekend."""
    day = name.removesuffix(OBSERVED)
    if day not in NAMES:
        return name
    said = viewer.say(day)
    return viewer.say("%(name)s (observed)") % {"name": said} if day != name else said
