"""Which sentences of the pages have no translation yet?

Reads them from the code and templates, brings each catalogue up to date and names what is missing.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from web.i18n import LANGUAGES, LOCALES, path

ROOT = Path(__file__).parents[2]
PLACES = ("recovery", "web")
METHODS = [
    *((f"{folder}/*.py", "python") for folder in (
        "recovery", "recovery/paying", "recovery/words", "web", "web/door", "web/fairness",
        "web/forgetting", "web/mail", "web/mail/intake", "web/pages", "web/paying", "web/quality",
        "web/reports", "web/workbench",
    )),
    ("web/templates/**.html", "jinja2"),
]  # fmt: skip
OPTIONS = {"web/templates/**.html": {"trimmed": "true", "silent": "false"}}
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None, "mark": None, "gettext": None, "ngettext": (1, 2), "say": None, "count_of": (1, 2),
    "both": (1, 2),
}  # fmt: skip
SENTENCES: dict[str, tuple[int, ...] | None] = {
    "Refused": (1,), "Invalid": (1,), "SignInRefused": (1,), "Forbidden": (1,), "one_of": (4,),
    "StoreUnavailable": (1,), "Unsure": (1,), "Overtaken": (1,),
    "_require": (2,), "_refuse": (2,), "_problem": (2,), "_required": (3,), "_one_known": (3,),
    "Sentence": (1,),
}  # fmt: skip
"""What refuses, and which of its arguments is the sentence a person reads."""
UNWANTED = tuple(
    f'"{name}:'.encode()
    for name in (
        "Project-Id-Version", "Report-Msgid-Bugs-To", "POT-Creation-Date", "PO-Revision-Date",
        "Last-Translator", "Language-Team", "Generated-By",
    )
)  # fmt: skip
NOT_OURS = ("letters", "static", "migrations", "demo", "__pycache__")


def extract() -> Catalog:
    """Every sentence that the pages say."""
    found = Catalog(charset="utf-8")
    messages = extract_from_dir(
        ROOT, METHODS, OPTIONS, keywords=KEYWORDS | SENTENCES, directory_filter=_is_ours
    )
    for file, _, message, comments, context in messages:
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


def _write(catalogue: Catalog, language: str) -> None:
    """Sorted and without line numbers and dates, so that only what was translated changes."""
    catalogue.header_comment = f"# The pages in {LANGUAGES[language]}."
    catalogue.fuzzy = False
    lines = io.BytesIO()
    write_po(
        lines, catalogue, width=100, sort_output=True, ignore_obsolete=True, include_lineno=False
    )
    kept = (line for line in lines.getvalue().splitlines(True) if not line.startswith(UNWANTED))
    path(language).write_bytes(b"".join(kept))


def _forms(string: str | Sequence[str]) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string)


def _is_ours(folder: str | Path) -> bool:
    place = Path(folder).relative_to(ROOT)
    return place.parts[:1] in [(), *((name,) for name in PLACES)] and place.name not in NOT_OURS


def main() -> int:
    template = extract()
    left = 0
    for language in LANGUAGES:
        if language == "en":
            continue
        catalogue = stored(language) if path(language).exists() else Catalog(LOCALES[language])
        catalogue.update(template, no_fuzzy_matching=True)
        path(language).parent.mkdir(parents=True, exist_ok=True)
        _write(catalogue, language)
        for sentence in missing(catalogue):
            sys.stdout.write(f"{language}: {sentence}\n")
            left += 1
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
