"""Which questions can the queue be asked?

The form with all its choices is as long as the queue itself and the same for everybody who asks the
same in the same language, so it is drawn once.
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
from web.pages.templates import environment
from web.pages.viewer import Viewer

CHOICES: dict[str, Any] = {
    "groups": views.GROUPS,
    "stages": ("received", "acknowledged", "explained", "compensated"),
    "severities": acts.SEVERITIES, "channels": acts.CHANNELS, "clocks": filters.CLOCKS,
    "wishes": get_args(DesiredOutcome), "spoken": tuple(LANGUAGES),
}  # fmt: skip
KEPT = 100


def builder(asked: Asked, viewer: Viewer, people: Mapping[str, str]) -> Markup:
    """The form, filled in with what was asked."""
    return _drawn(viewer.language, asked.at("").query, tuple(people.items()))


@lru_cache(maxsize=KEPT)
def _drawn(language: str, query: str, people: tuple[tuple[str, str], ...]) -> Markup:
    template = environment(language).get_template("parts/builder.html")
    drawn = template.render(asked=Asked.parse(query), people=people, **CHOICES)
    return Markup(drawn)  # noqa: S704 (a template escapes)
