"""What does somebody ask of an audit who writes it into an address or on the command line?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime

from recovery import text
from recovery.errors import Invalid
from recovery.fairness.records import Question
from recovery.money import CURRENCIES
from web.errors import BadBody, FieldError
from web.reports import asking

TIMES = ("from", "to", "period", "zone", "as_of")
NAMES = ("measure", "group", "stratify", "reference", "currency", "limit", *TIMES)
"""Everything else that is given is a filter."""
MOST_STRATA = 4
LONGEST = 200


def asked(given: Mapping[str, str], *, now: datetime, zone: str) -> Question:
    """The question; raises BadBody, which names each part that is not right."""
    times = asking.asked({name: given[name] for name in TIMES if name in given}, now=now, zone=zone)
    wrong = [
        FieldError(field, sentence)
        for field, sentence in (
            ("measure", "Say what to compare."), ("group", "Say which groups to compare."),
        )
        if not given.get(field, "").strip()
    ]  # fmt: skip
    if wrong:
        raise BadBody(tuple(wrong))
    try:
        return Question(
            measure=_line(given, "measure"), group=_line(given, "group"), strata=_strata(given),
            filters=asking.filters_of(given, NAMES), since=times.since, until=times.until,
            zone=times.zone, as_of=times.as_of, reference=_line(given, "reference"),
            currency=_currency(given), limit=_limit(given),
        )  # fmt: skip
    except Invalid as error:
        raise BadBody((FieldError(error.field, str(error)),)) from None


def written(question: Question) -> dict[str, str]:
    """The question as an address asks it."""
    days = {"from": question.since, "to": question.until}
    found = {
        "measure": question.measure, "group": question.group,
        "stratify": ",".join(question.strata), "reference": question.reference,
        "currency": question.currency,
        "limit": f"{question.limit:g}" if question.limit else "",
        **{name: day.isoformat() for name, day in days.items() if day},
        "zone": question.zone, "as_of": question.as_of.isoformat(), **question.filters,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value or name in question.filters}


def _line(given: Mapping[str, str], field: str) -> str:
    return text.line(given.get(field, ""), field=field, limit=LONGEST)


def _strata(given: Mapping[str, str]) -> tuple[str, ...]:
    found = tuple(each.strip() for each in _line(given, "stratify").split(",") if each.strip())
    if len(found) > MOST_STRATA:
        raise Invalid(f"Stratify by at most {MOST_STRATA} names.", field="stratify")
    return found


def _currency(given: Mapping[str, str]) -> str:
    found = _line(given, "currency").upper()
    if found and found not in CURRENCIES:
        raise Invalid(f"{found[:20]} is not a currency code (like GBP).", field="currency")
    return found


def _limit(given: Mapping[str, str]) -> float | None:
    written_limit = _line(given, "limit")
    if not written_limit:
        return None
    try:
        found = float(written_limit)
    except ValueError:
        found = math.nan
    if not 0 < found < 100_000:
        raise Invalid("Write the limit as hours, like 48.", field="limit")
    return found
