"""Who complains, about what, how and in which words?

Everything about a complaint that is settled when it arrives, drawn from chance and the moment.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Literal

import msgspec
from babel.dates import get_month_names

from recovery import reference
from recovery.events import Channel, DesiredOutcome, Severity
from recovery.vault import Words
from web.demo import firm, people, phrases
from web.demo.firm import ZONE, Shares
from web.demo.hours import STORM_LASTS, Office, Waves
from web.demo.people import Person
from web.demo.phrases import Phrasebook, Tale, book

BOOKS: dict[str, Phrasebook] = {language: book(language) for language in ("en", "zh")}
RANT_LENGTH = 4_000
STORM = "mass_outage"
_MONTHS = {language: get_month_names("wide", locale=language) for language in BOOKS}

Plot = Literal[
    "settled", "at_once", "neglected", "withdrawn", "out_of_scope", "misdirected", "reopened",
    "escalated",
]  # fmt: skip
PLOTS: Shares[Plot] = Shares(
    {
        "settled": 60, "at_once": 50, "neglected": 3.5, "withdrawn": 3, "out_of_scope": 2,
        "misdirected": 0.7, "reopened": 3.8, "escalated": 2.5,
    }
)  # fmt: skip


class Case(msgspec.Struct, frozen=True):
    """A complaint as it arrives."""

    reference: str
    person: Person
    at: float
    """Seconds since 1970."""
    plot: Plot
    channel: Channel
    category: str
    product: str
    severity: Severity
    wishes: tuple[DesiredOutcome, ...]
    storm: bool
    tale: Tale
    words: Words
    slots: dict[str, str]
    agent: str
    """Who will take it."""


def draw(
    rng: Random, at: float, *, office: Office, waves: Waves, known: Person | None = None
) -> Case:
    """The complaint that arrives at this moment, from somebody known or somebody new."""
    number = reference.draw(rng.getrandbits)
    storm = rng.random() < waves.storm_share(at) and (known is None or known.town.coastal)
    channel = (firm.OPENING_HOURS if office.is_open(at) else firm.AFTER_HOURS).pick(rng)
    towns = firm.STORM_TOWNS if storm else firm.USUAL_TOWNS
    person = known or people.draw(rng, towns=towns, channel=channel)
    category = "outage" if storm else firm.CATEGORIES.pick(rng)
    book = BOOKS[person.language]
    tale = rng.choice(book.topics[STORM if storm else category])
    agent = people.AGENTS[person.language].pick(rng)
    slots = _slots(rng, at, person, agent)
    plot = PLOTS.pick(rng)
    if plot == "at_once" and channel not in ("phone", "counter"):
        plot = "settled"
    return Case(
        reference=number, person=person, at=at, plot=plot, channel=channel, category=category,
        product=_product(rng, tale, category), severity=firm.SEVERITIES[category].pick(rng),
        wishes=_wishes(rng), storm=storm, tale=tale, words=_words(rng, book, tale, slots),
        slots=slots, agent=agent,
    )  # fmt: skip


def _product(rng: Random, tale: Tale, category: str) -> str:
    return rng.choice(tale.products) if tale.products else firm.PRODUCTS[category].pick(rng)


def _slots(rng: Random, at: float, person: Person, agent: str) -> dict[str, str]:
    month = (datetime.fromtimestamp(at, UTC).month - rng.randrange(1, 3)) % 12 or 12
    return {
        "name": person.name,
        "place": person.town.names[person.language],
        "street": person.street,
        "agent": people.NAMES[agent],
        "days": str(rng.randrange(4, 20)),
        "weeks": str(rng.randrange(2, 10)),
        "count": str(rng.randrange(3, 10)),
        "amount": f"{rng.randrange(900, 24_000) / 100:.2f}",
        "month": _MONTHS[person.language][month],
    }


def _wishes(rng: Random) -> tuple[DesiredOutcome, ...]:
    return tuple(dict.fromkeys(rng.choices(firm.WISHES, k=rng.choice((0, 1, 1, 2, 3)))))


def _words(rng: Random, book: Phrasebook, tale: Tale, slots: dict[str, str]) -> Words:
    chance = rng.random()
    if chance < 0.01:
        subject, text = rng.choice(book.odd)
        return Words(text, subject=subject)
    if chance < 0.014:
        return phrases.rant(rng, book, tale, slots, RANT_LENGTH)
    return phrases.complaint(rng, book, tale, slots)


def storm_facts(at: float, waves: Waves) -> dict[str, str]:
    """What the network knows about the storm, by the names policies use."""
    began = datetime.fromtimestamp(waves.storm, ZONE)
    restored = (began + timedelta(seconds=STORM_LASTS)).date()
    return {
        "failure": "loss_of_service",
        "cause": "storm",
        "incident": f"storm-{began.date()}",
        "reported": min(datetime.fromtimestamp(at, ZONE).date(), restored).isoformat(),
        "restored": restored.isoformat(),
    }


def missed_facts(rng: Random, at: float) -> dict[str, str]:
    """What the depot knows about a visit that did not happen."""
    day = datetime.fromtimestamp(at, ZONE) - timedelta(days=rng.randrange(4))
    slot = day.replace(hour=rng.choice((8, 13)), minute=0, second=0, microsecond=0)
    return {"failure": "missed_appointment", "slot_start": slot.isoformat(), "kept": "false"}
