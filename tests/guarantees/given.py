"""Guarantees and cases for the tests of what is owed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from recovery.policy.clocks import Clock
from recovery.policy.guarantees.entitlement import assess
from recovery.policy.guarantees.known import Case, Earlier, end_of
from recovery.policy.guarantees.plan import Guarantees
from recovery.policy.guarantees.trace import Assessment
from recovery.policy.packs import pack_text
from tests.policy.given import adopted

FACTS = """
failure = { type = "text" }
fee = { type = "money" }
size = { type = "number" }
began = { type = "date" }
ended = { type = "date" }
from_instant = { type = "instant" }
to_instant = { type = "instant" }
note = { type = "text" }
urgent = { type = "yes or no" }
claimed_on = { type = "date" }
paid_on = { type = "date" }
"""
CALENDAR = """
[[calendar]]
name = "office"
monday = ["09:00-17:00"]
tuesday = ["09:00-17:00"]
wednesday = ["09:00-17:00"]
thursday = ["09:00-17:00"]
friday = ["09:00-17:00"]
holidays = { country = "GB", subdivision = "ENG" }
"""
CLOCK = """
[[version.clock]]
name = "reply"
start = ["received"]
stop = ["explained"]
within = "5 business days"
"""
PLAIN = 'name = "refund"\ncurrency = "GBP"\nwhen = \'failure == "late"\'\n'


def text(*guarantees: str, facts: str = FACTS) -> str:
    """A small policy with a clock "reply", a calendar and these guarantees."""
    tables = "".join(f"[[version.guarantee]]\n{guarantee}\n" for guarantee in guarantees)
    return f"""
id = "small"
title = "A small policy"
source = "A test"
status = "confirmed"
zone = "Europe/London"
attributes = ["region"]
[facts]
{facts}
{CALENDAR}
[[version]]
name = "first"
from = 2000-01-01
{CLOCK}
{tables}
"""


def guarantees(policy: str) -> Guarantees:
    """Those of the last version of a policy's text."""
    return adopted(policy).editions[-1].guarantees


def pack(name: str) -> Guarantees:
    """Those of a policy that comes with the desk."""
    return guarantees(pack_text(name))


def assessed(
    found: Guarantees,
    *,
    as_of: str | datetime = "2026-12-31",
    clocks: tuple[Clock, ...] = (),
    received: datetime | None = None,
    paid: dict[tuple[str, str], date] | None = None,
    earlier: Iterable[Earlier] = (),
    **facts: object,
) -> Assessment:
    """What the guarantees say about these facts; a day means its last second."""
    told = {name: told_as(value) for name, value in facts.items()}
    at = as_of
    if isinstance(at, str):
        at = datetime.fromisoformat(at) if "T" in at else end_of(date.fromisoformat(at), found.zone)
    return assess(found, Case(told, clocks, received, paid or {}, tuple(earlier)), at)


def told_as(value: object) -> str:
    """A fact as it is told: yes and no as JSON writes them."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def amounts(assessment: Assessment) -> list[tuple[str, str]]:
    """Each guarantee and the money it grants: ("delay", "250.00 EUR")."""
    return [(found.guarantee, str(found.money)) for found in assessment.owed]


def refusals(assessment: Assessment) -> list[tuple[str, str]]:
    return [(found.guarantee, found.reason) for found in assessment.refused]
