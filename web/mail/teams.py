"""Under which address and name do letters about a complaint leave?

A team answers for categories. Its address lies in the domain of the desk's own, so that what leaves
is signed for the domain it comes from; where no team answers, the desk does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from email.utils import parseaddr

import msgspec

from recovery import text as texts
from recovery.errors import Invalid
from recovery.events import Classified, Received, Recorded

SHAPE = "billing, refunds: Billing team <billing@mail.example>; repairs: repairs@mail.example"


class Team(msgspec.Struct, frozen=True):
    """Who letters about a category come from."""

    name: str
    """As mail programs show it; empty: the desk's own."""
    address: str


def teams(text: str, *, domain: str) -> dict[str, Team]:
    """By category; raises Invalid with how to write it."""
    found: dict[str, Team] = {}
    for entry in text.split(";"):
        if entry.strip():
            categories, team = _team(entry, domain.lower())
            if again := found.keys() & set(categories):
                raise Invalid(f"names two teams for the category {min(again)!r:.60}")
            found |= dict.fromkeys(categories, team)
    return found


def category_of(records: Iterable[Recorded]) -> str:
    """Of the complaint, after these events of it."""
    found = ""
    for record in records:
        event = record.event
        if isinstance(event, Received) or (
            isinstance(event, Classified) and event.category is not None
        ):
            found = event.category or ""
    return found


def addresses(known: Mapping[str, Team]) -> list[str]:
    """The addresses of teams, each once."""
    return list(dict.fromkeys(team.address for team in known.values()))


def _team(entry: str, domain: str) -> tuple[list[str], Team]:
    named, colon, sender = entry.partition(":")
    categories = [each.strip() for each in named.split(",") if each.strip()]
    name, address = parseaddr(sender.strip())
    if not colon or not categories or not address or not sender.strip().isprintable():
        raise Invalid(f"must be written like {SHAPE}")
    texts.email(address, field="RECOVERY_MAIL_TEAMS")
    if address.rpartition("@")[2].lower() != domain:
        raise Invalid(f"names {address}, which is not in the domain of RECOVERY_MAIL_FROM")
    return categories, Team(name, address)
