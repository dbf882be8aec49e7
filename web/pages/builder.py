"""Which questions can the queue be asked, and how can it look?

The forms with all their choices are as long as the queue itself and the same for everybody who asks
the same in the same language, so each is drawn once.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, get_args

from markupsafe import Markup

from projections import filters, views
from recovery.events import DesiredOutcome
from web.i18n import LANGUAGES
from web.pages import acts
from web.pages.asked import Asked
from web.pages.columns import COLUMNS, Column
from web.pages.gaps import Drawn, gap
from web.pages.templates import environment
from web.workbench.saved import DENSITIES

CHOICES: dict[str, Any] = {
    "groups": views.GROUPS,
    "stages": ("received", "acknowledged", "explained", "compensated"),
    "severities": acts.SEVERITIES, "channels": acts.CHANNELS, "clocks": filters.CLOCKS,
    "wishes": get_args(DesiredOutcome), "spoken": tuple(LANGUAGES),
}  # fmt: skip
KEPT = 100


def builder(question: str, language: str, people: Mapping[str, str]) -> Markup:
    """The form to ask with, filled in with what was asked."""
    return _builder(question, language, tuple(people.items()))


@lru_cache(KEPT)
def _builder(question: str, language: str, people: tuple[tuple[str, str], ...]) -> Markup:
    template = environment(language).get_template("parts/builder.html")
    drawn = template.render(asked=Asked.parse(question), people=people, **CHOICES)
    return Markup(drawn)  # noqa: S704 (a template escapes)


@lru_cache(KEPT)
def heads(question: str, language: str, columns: tuple[Column, ...]) -> Markup:
    """What stands above the columns; some sort by theirs."""
    template = environment(language).get_template("parts/heads.html")
    drawn = template.render(asked=Asked.parse(question), columns=columns)
    return Markup(drawn)  # noqa: S704 (a template escapes)


def look(language: str, columns: tuple[Column, ...], density: str, **words: str) -> Markup:
    """The forms that keep the question, and the look of its answer; the words go into gaps."""
    return _look(language, columns, density).filled(words)


@lru_cache(KEPT)
def _look(language: str, columns: tuple[Column, ...], density: str) -> Drawn:
    template = environment(language).get_template("parts/look.html")
    drawn = template.render(
        columns=columns, density=density, gap=gap, all_columns=COLUMNS, densities=DENSITIES
    )
    return Drawn(drawn)
