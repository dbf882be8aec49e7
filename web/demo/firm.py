"""Which firm is it that people complain about?

Tidewell Broadband & Energy, invented: fibre, electricity and gas in four towns of a coast that is
not on any map, a shop in each, customers who speak English or Chinese.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from recovery.events import Channel, CompensationKind, DesiredOutcome, Severity

NAME = "Tidewell Broadband & Energy"
ZONE = ZoneInfo("Europe/London")
CURRENCY = "GBP"
T = TypeVar("T")


class Shares(Generic[T]):
    """Things and how often each comes up."""

    def __init__(self, shares: dict[T, float]) -> None:
        self._things = tuple(shares)
        self._cumulative = tuple(accumulate(shares.values()))

    def pick(self, rng: Random) -> T:
        # Random.choices does the same at four times the cost, and a million stories pick often.
        drawn = rng.random() * self._cumulative[-1]
        return self._things[bisect_right(self._cumulative, drawn, 0, len(self._things) - 1)]


class Town(msgspec.Struct, frozen=True):
    """A place with a shop."""

    code: str
    region: str
    postcode: str
    names: dict[str, str]
    """By language."""
    streets: tuple[str, ...]

    @property
    def coastal(self) -> bool:
        return self.region == "coast"


TOWNS = {
    town.code: town
    for town in (
        Town(
            "wellhaven", "coast", "QH1", {"en": "Wellhaven", "zh": "韦尔港"},
            ("Harbour Street", "Lantern Quay", "Chapel Rise", "Ropewalk", "Seaview Terrace"),
        ),
        Town(
            "saltmere", "coast", "QH7", {"en": "Saltmere", "zh": "盐湖镇"},
            ("Dune Road", "Pilot Lane", "Cockle Row", "Marsh Close"),
        ),
        Town(
            "kingsmarket", "city", "QK2", {"en": "Kingsmarket", "zh": "金市"},
            ("Mill Street", "Station Road", "Drapers Yard", "Canal Side", "Lower Bridge Street"),
        ),
        Town(
            "thornby", "hills", "QT4", {"en": "Thornby", "zh": "索恩比"},
            ("Quarry Lane", "Beacon Hill", "Orchard Way", "Old Post Road"),
        ),
    )
}  # fmt: skip
USUAL_TOWNS = Shares({"kingsmarket": 44, "wellhaven": 26, "thornby": 18, "saltmere": 12})
STORM_TOWNS = Shares({"wellhaven": 62, "saltmere": 38})

LANGUAGES = Shares({"en": 79, "zh": 21})
TIERS = Shares({"vip": 4, "premium": 17, "plus": 28, "standard": 51})

CATEGORIES = Shares(
    {
        "billing": 27, "outage": 15, "missed_appointment": 11, "slow_speed": 9, "meter_reading": 9,
        "cancellation": 7, "switching": 6, "installation": 6, "shop_service": 5, "staff_conduct": 5,
    }
)  # fmt: skip
_ALL = Shares({"fibre": 34, "broadband": 22, "electricity": 26, "gas": 18})
_LINES = Shares({"fibre": 60, "broadband": 40})
_ENERGY = Shares({"electricity": 58, "gas": 42})
_SUPPLY = Shares({"fibre": 38, "broadband": 30, "electricity": 32})
PRODUCTS: dict[str, Shares[str]] = {
    "billing": _ALL, "outage": _SUPPLY, "missed_appointment": _ALL, "slow_speed": _LINES,
    "meter_reading": _ENERGY, "cancellation": _ALL, "switching": _ALL, "installation": _LINES,
    "shop_service": _LINES, "staff_conduct": _ALL,
}  # fmt: skip

_USUAL: Shares[Severity] = Shares({"low": 22, "normal": 62, "high": 14, "critical": 2})
_GRAVE: Shares[Severity] = Shares({"low": 4, "normal": 50, "high": 37, "critical": 9})
SEVERITIES: dict[str, Shares[Severity]] = dict.fromkeys(PRODUCTS, _USUAL) | {"outage": _GRAVE}

OPENING_HOURS: Shares[Channel] = Shares(
    {"phone": 41, "web": 23, "email": 20, "counter": 8, "letter": 3, "social": 4, "third_party": 1}
)
AFTER_HOURS: Shares[Channel] = Shares({"web": 52, "email": 36, "social": 12})

CAUSES: dict[str, Shares[str]] = {
    "billing": Shares({"billing_error": 60, "system_error": 30, "process": 10}),
    "outage": Shares({"service_outage": 70, "third_party": 15, "slow_response": 15}),
    "missed_appointment": Shares({"broken_promise": 70, "process": 20, "third_party": 10}),
    "slow_speed": Shares({"broken_promise": 45, "system_error": 55}),
    "meter_reading": Shares({"system_error": 50, "billing_error": 30, "process": 20}),
    "cancellation": Shares({"process": 45, "slow_response": 35, "wrong_information": 20}),
    "switching": Shares({"process": 50, "third_party": 30, "wrong_information": 20}),
    "installation": Shares({"broken_promise": 50, "third_party": 30, "process": 20}),
    "shop_service": Shares({"wrong_information": 45, "staff_conduct": 25, "process": 30}),
    "staff_conduct": Shares({"staff_conduct": 80, "wrong_information": 20}),
}  # fmt: skip
"""What turns out to have gone wrong, by category."""
REASONS: dict[CompensationKind, Shares[str]] = {
    "redress": Shares({"refund": 55, "loss": 25, "delay": 20}),
    "goodwill": Shares({"inconvenience": 45, "distress": 25, "goodwill": 30}),
    "in_kind": Shares({"inconvenience": 60, "goodwill": 40}),
}

WISHES: tuple[DesiredOutcome, ...] = (
    "immediate_action", "compensation", "taken_seriously", "not_again", "listened_to", "respect",
    "consequences",
)  # fmt: skip
