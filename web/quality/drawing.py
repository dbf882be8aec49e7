"""What does somebody ask of a draw who fills in the form?"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from projections import sampling
from projections.sampling import STRATA, Wanted
from recovery import text
from recovery.errors import Invalid
from recovery.events import DrawMethod
from recovery.quality import MOST_CASES, Draw
from web.i18n import mark
from web.pages.form import Form
from web.reports import asking

METHODS: tuple[DrawMethod, ...] = ("random", "stratified", "risk")
USUAL_SIZE = 20


def drawn(conn: sa.Connection, form: Form, people: Collection[str], *, now: datetime, zone: str
          ) -> Draw:  # fmt: skip
    """Draw as the form asks. Raises BadBody for its times, Invalid for the rest of it."""
    times = asking.asked(
        {name: form.value(name) for name in ("from", "to") if form.value(name)}, now=now, zone=zone
    )
    method, size, stratum = _method(form), _size(form), _stratum(form)
    reviewers = tuple(by for by in form.values("reviewer") if by in people)
    seed = text.line(form.value("seed"), field="seed", limit=60) or secrets.token_hex(4)
    there = ZoneInfo(times.zone)
    wanted = Wanted(
        method=method, seed=seed, size=size, stratum=stratum, as_of=now,
        since=_midnight(times.since, there),
        until=_midnight(times.until and times.until + timedelta(days=1), there),
    )  # fmt: skip
    found = sampling.draw(conn, wanted)
    return Draw(
        method=method, seed=seed, stratum=stratum, since=times.since, until=times.until,
        zone=times.zone, as_of=now, population=found.population, complaints=found.complaints,
        reviewers=reviewers,
    )  # fmt: skip


def _method(form: Form) -> DrawMethod:
    for method in METHODS:
        if form.value("method") == method:
            return method
    raise Invalid(mark("Choose how to draw."), field="method")


def _size(form: Form) -> int:
    given = form.value("size").strip()
    if not given.isascii() or not given.isdigit() or not 1 <= int(given[:9]) <= MOST_CASES:
        raise Invalid(mark("Draw 1 to 200 cases."), field="size")
    return int(given)


def _stratum(form: Form) -> str:
    if form.value("method") != "stratified":
        return ""
    if form.value("stratum") not in STRATA:
        raise Invalid(mark("Choose what each has its share of."), field="stratum")
    return form.value("stratum")


def _midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, time(), zone) if day else None
