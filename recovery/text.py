"""What do we accept of what a person typed?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime

from recovery.errors import Invalid

LONGEST = 50_000
"""Characters of a description, message or note."""
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_CODE = re.compile(r"[a-z0-9][a-z0-9_.:-]{0,99}")
_WHOLE = re.compile(r"\d{1,9}")
_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+\.[^\s@<>,;:\"()\[\]\\]{2,}")


def clean(text: str, *, field: str, limit: int = LONGEST) -> str:
    """Without control characters and outer space, in Unicode's composed form.

    Raises Invalid when it is longer than `limit` characters.
    """
    found = unicodedata.normalize("NFC", _CONTROL.sub("", text.replace("\r\n", "\n"))).strip()
    if len(found) > limit:
        raise Invalid(
            f"This has {len(found):,} characters; the most we can take is {limit:,}.", field=field
        )
    return found


def required(text: str, *, field: str, sentence: str, limit: int = LONGEST) -> str:
    """Like `clean`; raises Invalid with the sentence when nothing is left."""
    found = clean(text, field=field, limit=limit)
    if not found:
        raise Invalid(sentence, field=field)
    return found


def line(text: str, *, field: str, limit: int = 300) -> str:
    """Like `clean`, on one line."""
    return " ".join(clean(text, field=field, limit=limit).split())


def code(text: str, *, field: str) -> str:
    """A lower-case code such as "billing" or "late_delivery"; raises Invalid."""
    found = text.strip().lower().replace(" ", "_")
    if not _CODE.fullmatch(found):
        raise Invalid(f"{text[:40]!r} is not a code (letters, digits and _).", field=field)
    return found


def email(text: str, *, field: str = "email") -> str:
    """An address that mail could be sent to, or nothing; raises Invalid."""
    found = line(text, field=field, limit=254)
    if found and not _EMAIL.fullmatch(found):
        raise Invalid(f"{found[:60]!r} is not an email address.", field=field)
    return found


def instant(value: datetime, *, field: str = "at") -> datetime:
    """The instant, in UTC; raises Invalid without a zone or outside 1900 to 2200."""
    if value.tzinfo is None:
        raise Invalid("Give the time with its zone, like 2026-03-02T09:00:00Z.", field=field)
    if not 1900 <= value.year <= 2200:
        raise Invalid(f"The year {value.year} cannot be right.", field=field)
    return value.astimezone(UTC)


def language(tag: str, *, field: str = "language") -> str:
    """A language tag (BCP 47), as short as it is enough: "zh", "en", "zh-Hant"."""
    found = tag.strip()
    if len(found) > 35 or not _LANGUAGE.fullmatch(found):
        raise Invalid(f"{tag[:40]!r} is not a language (use en or zh).", field=field)
    return found


def codes(values: Mapping[str, str], *, field: str) -> dict[str, str]:
    """Names and short values that may stand in an event; raises Invalid."""
    if len(values) > 100:
        raise Invalid("These are too many values; the most is 100.", field=field)
    return {
        code(name, field=field): line(value, field=f"{field}.{name}", limit=200)
        for name, value in values.items()
    }


def whole(typed: str) -> int | None:
    """The number that one to nine digits say; None for anything else."""
    return int(typed) if _WHOLE.fullmatch(typed) else None
