"""In which language does a page speak?

English sentences are the keys; `locale/<language>/LC_MESSAGES/messages.po` holds the others. The
catalogues are compiled when the process starts, so what is committed is what is read.
`python -m web.i18n` brings them up to date with the sentences in the code and templates.
"""

from __future__ import annotations

import gettext
import io
from functools import cache
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).parent / "locale"
LANGUAGES: dict[str, str] = {"en": "English", "zh": "中文"}
"""Language of the interface, and its name for itself."""
LOCALES = {"en": Locale("en", "GB"), "zh": Locale("zh", "CN", "Hans")}
"""Whose customs dates, numbers and money follow."""


def path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "messages.po"


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The sentences of a language; those of English are their own translation."""
    if language == "en":
        return gettext.NullTranslations()
    with path(language).open("rb") as file:
        messages = read_po(file, locale=LOCALES[language])
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def mark(sentence: str) -> str:
    """The sentence itself; says that it is translated where it is shown."""
    return sentence


def both(one: str, many: str) -> tuple[str, str]:
    """Likewise for a sentence that counts."""
    return one, many


def negotiate(header: str, default: str = "en") -> str:
    """The language we have that a browser's Accept-Language likes best."""
    wishes: list[tuple[float, int, str]] = []
    for place, part in enumerate(header[:500].split(",")):
        tag, _, parameter = part.strip().partition(";")
        language = tag.split("-")[0].lower()
        if language in LANGUAGES:
            wishes.append((-_quality(parameter), place, language))
    return min(wishes)[2] if wishes and min(wishes)[0] < 0 else default


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    try:
        return float(value) if name == "q" else 1.0
    except ValueError:
        return 0.0
