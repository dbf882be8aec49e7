"""What time does a text say, in one given way of writing dates?

Formats are written with the directives of Python's `strptime`, as far as they are digits; our own
reading of them is five times as fast, which a column of a million different times feels.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import cache

ISO = "iso"
FIRST_YEAR, LAST_YEAR = 1900, 2200
Written = tuple[datetime, bool]
"""The time as written, without a zone unless the text names one; whether it has a time of day."""

_DIRECTIVES = {
    "%Y": r"(?P<Y>\d{4})", "%y": r"(?P<y>\d{2})", "%m": r"(?P<m>\d{1,2})",
    "%d": r"(?P<d>\d{1,2})", "%H": r"(?P<H>\d{1,2})", "%I": r"(?P<I>\d{1,2})",
    "%M": r"(?P<M>\d{2})", "%S": r"(?P<S>\d{2})", "%p": r"(?P<p>[AaPp][Mm])",
}  # fmt: skip


def check(known: str) -> None:
    """Raises ValueError for a format that says no day, or says it in a way we do not read."""
    if known == ISO:
        return
    used = re.findall("%.?", known)
    if wrong := [d for d in used if d not in _DIRECTIVES]:
        raise ValueError(f"{known!r}: we do not read {wrong[0]} (use {' '.join(_DIRECTIVES)})")
    if len(used) != len(set(used)) or not {"%m", "%d"} <= set(used) or not {"%Y", "%y"} & set(used):
        raise ValueError(f"{known!r} must name year, month and day once each, like %d/%m/%Y")


@cache
def reader(known: str) -> Callable[[str], Written | None]:
    """Reads a text written in this format; None where it is not, or is no believable day."""
    return _iso if known == ISO else _reader(known)


def _iso(text: str) -> Written | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (found, len(text) > 10) if FIRST_YEAR <= found.year <= LAST_YEAR else None


def _reader(known: str) -> Callable[[str], Written | None]:
    pattern = "".join(_DIRECTIVES.get(part, re.escape(part)) for part in re.split("(%.)", known))
    match = re.compile(pattern, re.ASCII).fullmatch
    has_time = "%H" in known or "%I" in known

    def read(text: str) -> Written | None:
        if (found := match(text)) is None:
            return None
        said = found.groupdict()
        try:
            return _time(said), has_time
        except ValueError:
            return None

    return read


def _time(said: dict[str, str]) -> datetime:
    year = int(said["Y"]) if "Y" in said else 2000 + int(said["y"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(year)
    hour = int(said.get("H", 0))
    if "I" in said:
        hour = int(said["I"]) % 12 + (12 if said.get("p", "am").lower() == "pm" else 0)
    minute, second = int(said.get("M", 0)), int(said.get("S", 0))
    return datetime(year, int(said["m"]), int(said["d"]), hour, minute, second)  # noqa: DTZ001 (the zone is the mapping's)
