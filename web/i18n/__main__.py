"""Which sentences of the pages have no translation yet?

Reads them from the code and templates, brings each catalogue up to date and names what is missing.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from web.i18n import LANGUAGES, LOCALES, path

WEB = Path(__file__).parents[1]
METHODS = [("pages/**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "mark": None, "ngettext": (1, 2)}
OPTIONS = {"templates/**.html": {"trimmed": "true", "silent": "false", "newstyle_gettext": "true"}}


def extract() -> Catalog:
    """Every sentence that the pages say."""
    found = Catalog(charset="utf-8")
    messages = extract_from_dir(
        WEB, METHODS, OPTIONS, keywords=KEYWORDS, directory_filter=_is_ours
    )  # fmt: skip
    for file, _, message, comments, context in messages:
        if not file.startswith("templates/letters/"):
            found.add(message, None, [(file, 0)], auto_comments=comments, context=context)
    return found


def stored(language: str) -> Catalog:
    with path(language).open("rb") as file:
        return read_po(file, locale=LOCALES[language])


def missing(catalogue: Catalog) -> list[str]:
    """The sentences without a translation, or with a doubtful one."""
    return [
        str(message.id)
        for message in catalogue
        if message.id and (message.fuzzy or not message.string or not all(_forms(message.string)))
    ]


def _forms(string: str | Sequence[str]) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string)


def _is_ours(folder: str | Path) -> bool:
    return Path(folder).name not in ("static", "__pycache__", "i18n")


def main() -> int:
    template = extract()
    left = 0
    for language in LANGUAGES:
        if language == "en":
            continue
        catalogue = stored(language) if path(language).exists() else Catalog(LOCALES[language])
        catalogue.update(template, no_fuzzy_matching=True)
        path(language).parent.mkdir(parents=True, exist_ok=True)
        with path(language).open("wb") as file:
            write_po(
                file, catalogue, width=100, sort_output=True, ignore_obsolete=True,
                omit_header=False, include_lineno=False,
            )  # fmt: skip
        for sentence in missing(catalogue):
            sys.stdout.write(f"{language}: {sentence}\n")
            left += 1
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
