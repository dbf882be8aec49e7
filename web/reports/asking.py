"""What does somebody ask of a report who writes it into an address or on the command line?"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from projections.sla import Question
from projections.sla_statement import statement
from recovery import text
from recovery.errors import Invalid
from web.errors import BadBody, FieldError
from web.zones import zones

NAMES = ("from", "to", "period", "by", "zone", "as_of", "known_at")
"""Everything else that is given is a filter."""
MOST_FILTERS = 10
_PERIOD = re.compile(r"(\d{4})(?:-(?:Q([1-4])|W(\d\d)|(\d\d)))?")
_T = TypeVar("_T")


def asked(given: Mapping[str, str], *, now: datetime, zone: str) -> Question:
    """The question; days and times without a zone of their own are those of its zone.

    Raises BadBody, which names each part that is not right.
    """
    wrong: list[FieldError] = []

    def read(get: Callable[[], _T], otherwise: _T) -> _T:
        try:
            return get()
        except Invalid as error:
            wrong.append(FieldError(error.field, str(error)))
            return otherwise

    there = read(lambda: _zone(given.get("zone") or zone), "UTC")
    known = read(lambda: instant_in(given, "known_at", now, ZoneInfo(there)), now)
    as_of = read(lambda: instant_in(given, "as_of", known, ZoneInfo(there), latest=now), now)
    since = read(lambda: _day(given, "from"), None)
    until = read(lambda: _day(given, "to"), None)
    if period := given.get("period", "").strip():
        since, until = read(lambda: _only(_period(period), since, until), (since, until))
    read(lambda: _in_order(since, until), None)
    by = given.get("by", "").strip()
    nothing: dict[str, str] = {}
    filters = read(lambda: filters_of(given, NAMES), nothing)
    read(lambda: statement(by, filters), "")
    if wrong:
        raise BadBody(tuple(wrong))
    return Question(as_of=as_of, zone=there, since=since, until=until, by=by, filters=filters)


def written(question: Question) -> dict[str, str]:
    """The question as an address asks it; asked again, it is the same to the microsecond."""
    days = {"from": question.since, "to": question.until}
    return {
        **{name: day.isoformat() for name, day in days.items() if day},
        **({"by": question.by} if question.by else {}),
        "zone": question.zone, "as_of": question.as_of.isoformat(), **question.filters,
    }  # fmt: skip


def _zone(name: str) -> str:
    if name not in zones():
        raise Invalid(
            "This is not a time zone (use a name of the IANA list, like Europe/London).",
            field="zone",
        )
    return name


def instant_in(
    given: Mapping[str, str], name: str, otherwise: datetime, zone: ZoneInfo, *,
    latest: datetime | None = None,
) -> datetime:  # fmt: skip
    """The instant that was given under a name, not later than the other one or `latest`."""
    said = given.get(name, "").strip()
    if not said:
        return otherwise
    try:
        # A plus sign that was not written as %2B arrives as a space.
        found = datetime.fromisoformat(re.sub(r" (?=\d\d:?\d\d$)", "+", said))
    except ValueError:
        raise Invalid(
            "This is not an instant (write it like 2026-03-31T17:00:00Z).", field=name
        ) from None
    found = found if found.tzinfo else found.replace(tzinfo=zone)
    if text.instant(found, field=name) > (latest or otherwise):
        raise Invalid("This lies in the future.", field=name)
    return found


def _day(given: Mapping[str, str], name: str) -> date | None:
    written_day = given.get(name, "").strip()
    if not written_day:
        return None
    try:
        found = date.fromisoformat(written_day)
    except ValueError:
        raise Invalid("This is not a day (write it like 2026-03-31).", field=name) from None
    if not 1900 <= found.year <= 2200:
        raise Invalid(f"The year {found.year} cannot be right.", field=name)
    return found


def _in_order(since: date | None, until: date | None) -> None:
    if since and until and until < since:
        raise Invalid("The last day lies before the first.", field="to")


def _only(
    period: tuple[date, date], since: date | None, until: date | None
) -> tuple[date, date]:  # fmt: skip
    if since or until:
        raise Invalid("Give a period or days, not both.", field="period")
    return period


def _period(given: str) -> tuple[date, date]:
    """The first and the last day."""
    found = _PERIOD.fullmatch(given)
    try:
        return _days(found) if found else _no_period()
    except ValueError:
        return _no_period()


def _no_period() -> tuple[date, date]:
    raise Invalid(
        "This is not a period (write it like 2026, 2026-Q1, 2026-03 or 2026-W14).", field="period"
    )


def _days(found: re.Match[str]) -> tuple[date, date]:
    year, quarter, week, month = (int(part) if part else 0 for part in found.groups())
    if not 1900 <= year <= 2200:
        return _no_period()
    if week:
        monday = date.fromisocalendar(year, week, 1)
        return monday, monday + timedelta(days=6)
    months = 3 if quarter else 1 if month else 12
    first = date(year, quarter * 3 - 2 if quarter else month or 1, 1)
    after = date(year + (first.month + months > 12), (first.month + months - 1) % 12 + 1, 1)
    return first, after - timedelta(days=1)


def filters_of(given: Mapping[str, str], names: Collection[str]) -> dict[str, str]:
    """What is given under other names than those; raises Invalid."""
    found = {name: value for name, value in given.items() if name not in names}
    if len(found) > MOST_FILTERS:
        raise Invalid(f"These are too many filters; the most is {MOST_FILTERS}.", field="filters")
    return {
        name[:200]: text.line(value, field=name[:100], limit=200) for name, value in found.items()
    }
