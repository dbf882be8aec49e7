"""How do the forms of a complaint look while nobody has typed into them?

The same on every page but for four words: which complaint it is, which version of it was seen,
whose session sends the form, and the form's own identity. So a blank form is drawn once for each
language and each thing that it suggests, and those words are put in for every page. A form that
somebody typed into is drawn afresh, and what they typed is never remembered.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from markupsafe import Markup

from web.pages import acts, tying
from web.pages.enclosing import Enclosed
from web.pages.form import Form
from web.pages.gaps import Drawn, gap
from web.pages.suggested import Forms
from web.pages.templates import environment
from web.pages.writing import Remark

KEPT = 256
"""Blank forms that are remembered."""
OFFERED = {
    "outcomes": acts.OUTCOMES, "explainable": acts.EXPLAINABLE, "kinds": acts.KINDS,
    "channels": acts.CHANNELS, "severities": acts.SEVERITIES, "link_kinds": tying.LINKS,
}  # fmt: skip
"""What there is to choose from."""
Values = tuple[tuple[str, tuple[str, ...]], ...]


class Blanks(msgspec.Struct, frozen=True, kw_only=True):
    """The forms of one page."""

    language: str
    forms: Forms
    reference: str
    """As people read it."""
    seen: int
    """The version that the page shows."""
    csrf: str
    act: str
    """The form that was asked for."""
    sender: str
    """Who letters come from."""
    remarks: Sequence[Remark]
    """What speaks against the words in the form that stands open."""
    enclosed: Mapping[str, Sequence[Enclosed]]
    """Files that are to go along, by act."""

    def form(self, act: str, **shown: Any) -> Markup:
        """A form, with what it shows besides its fields."""
        return self._form(act, shown, {})

    def letter(self, act: str, **shown: Any) -> Markup:
        """A form that writes a letter."""
        remarks = self.remarks if act == self.forms.tab else ()
        own = {"remarks": remarks, "enclosed": self.enclosed}
        return self._form(act, {"sender": self.sender, **shown}, own)

    def fold(self, act: str, **shown: Any) -> Markup:
        """A form that is folded away unless it was asked for."""
        return self._form(act, {"unfolded": act == self.act, **shown}, {})

    def _form(self, act: str, shown: Mapping[str, Any], own: Mapping[str, Any]) -> Markup:
        """`own` is what only a form shows that somebody typed into."""
        form = self.forms.forms[act]
        words = {
            "reference": self.reference, "seen": str(self.seen), "csrf": self.csrf,
            "command": secrets.token_hex(16),
        }  # fmt: skip
        if act in self.forms.typed:
            return _draw(self.language, form, {**shown, **own}, words)
        values = tuple((field, tuple(form.values(field))) for field in form.content)
        return _blank(self.language, act, values, tuple(shown.items())).filled(words)


@lru_cache(KEPT)
def _blank(language: str, act: str, values: Values, shown: tuple[tuple[str, Any], ...]) -> Drawn:
    gaps = {name: gap(name) for name in ("reference", "seen", "csrf", "command")}
    return Drawn(_draw(language, Form(act, dict(values)), dict(shown), gaps))


def _draw(
    language: str, form: Form, shown: Mapping[str, Any], words: Mapping[str, str]
) -> Markup:  # fmt: skip
    template = environment(language).get_template("complaint/forms.html")
    macro = getattr(template.make_module({**OFFERED, **words}), form.name)
    return Markup(macro(form, **shown))  # noqa: S704 (a template escapes)
