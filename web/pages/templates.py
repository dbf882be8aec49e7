"""What does a template know before it is given anything?

One environment for each language, compiled once.
"""

from __future__ import annotations

import secrets
from functools import cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from recovery.reference import show
from web.i18n import LANGUAGES, catalogue
from web.pages import words
from web.pages.fields import fields
from web.pages.keys import SHEET
from web.pages.known import KnownEnvironment
from web.pages.marks import MARKS, icon, tag
from web.pages.static import address
from web.pages.viewer import iso

TEMPLATES = Path(__file__).parents[1] / "templates"
LARGER_MARKS = ("empty", "face", "notice", "pager", "stepper")
"""The macros of parts/marks.html, for every template by name."""


@cache
def environment(language: str) -> KnownEnvironment:
    """The templates, speaking the language."""
    found = KnownEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(),
        auto_reload=False,
        cache_size=-1,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    found.policies["ext.i18n.trimmed"] = True
    label = words.labeller(language)
    found.filters["code_words"] = lambda code, kind: (code, label(kind, code))
    say = catalogue(language).gettext
    found.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    found.known = {
        "_": lambda sentence, **gaps: Markup(say(sentence)) % gaps,  # noqa: S704 (ours, as gettext has it)
        "asset": address, "icon": icon, "label": label, "tag": tag,
    }  # fmt: skip
    found.globals.update(
        asset=address, iso=iso, ref=show, languages=LANGUAGES, label=label,
        codes=lambda kind: words.codes(kind, language),
        new_command=lambda: secrets.token_hex(16), **MARKS,
    )  # fmt: skip
    found.globals.update(fields(found))
    marks = found.get_template("parts/marks.html").module
    found.globals.update({name: getattr(marks, name) for name in LARGER_MARKS})
    _add_sheets(found)
    return found


def _add_sheets(to: KnownEnvironment) -> None:
    """What stands at the foot of every page is drawn once for agents and once for supervisors."""
    for name, part in (("sheets", "parts/sheet.html"), ("feet", "parts/foot.html")):
        template = to.get_template(part)
        to.globals[name] = {
            supervises: Markup(  # noqa: S704 (ours, fixed)
                template.render(sheet=SHEET, roles=roles, supervises=supervises)
            )
            for supervises, roles in ((False, ("",)), (True, ("", "supervisor")))
        }
