"""What was given to a command: the text of a file, a day, a name with its value?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from recovery.errors import Invalid


def text_of(file: Path) -> str:
    """What stands in it; raises Invalid."""
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise Invalid(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise Invalid(f"{file} is not text in UTF-8.") from None


def day(given: str) -> date | None:
    """The day; None where nothing was given. Raises Invalid."""
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise Invalid(f"{given[:30]!r} is not a day (write it like 2026-03-31).") from None


def pair(given: str) -> tuple[str, str]:
    """`channel=email`, in two; raises Invalid."""
    name, equals, value = given.partition("=")
    if not equals or not name.strip():
        raise Invalid(f"{given[:60]!r}: write it like channel=email.")
    return name.strip(), value.strip()
