"""What do all our letters look like?

Each kind in each language, written from invented facts; a page shows them, tests hold them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from recovery.events import LetterKind
from recovery.money import Money
from recovery.vault import WrittenLetter
from web.mail.letters import CONTEXT, Facts, write
from web.mail.wording import WORDINGS, Promise, Tongue

ENGLISH = Facts(
    reference="7GQ2M4XK9T",
    to="wei.lee@example.org",
    name="Wei Lee",
    organisation="Northwind Parcels",
    received_on=date(2026, 3, 2),
    message="The courier scanned your parcel as delivered while it was still in the van.\n\n"
    "We found it at the depot. It reaches you tomorrow.\n— Ana",
    promises=(
        Promise("acknowledge", date(2026, 3, 3)),
        Promise("explain", date(2026, 3, 16)),
        Promise("resolve", date(2026, 4, 27)),
    ),
    outcome="upheld",
    cause="late_delivery",
    kind="redress",
    money=Money(Decimal("25.00"), "GBP"),
    reason="delay",
    page="https://desk.example/mine/7gq2m4xk9tr5d2hw7qk3vnb6xa",
)
CHINESE = replace(
    ENGLISH,
    name="李伟",
    message="快递员在货还没有下车的时候，就把它登记成了“已送达”。\n\n"
    "我们已经在站点找到您的包裹，明天就能送到。\n——安娜",
)
FACTS: dict[Tongue, Facts] = {"en": ENGLISH, "zh": CHINESE}
_DONE: dict[LetterKind, int] = {"acknowledged": 1, "explained": 2, "compensated": 2}
"""How many of the sample promises have been kept when the letter is written."""


def samples() -> Iterator[tuple[LetterKind, Tongue, WrittenLetter]]:
    """Every letter, in the order of a complaint's life."""
    for kind in CONTEXT:
        for spoken in WORDINGS:
            facts = FACTS[spoken]
            left = facts.promises[_DONE.get(kind, 0) :]
            yield kind, spoken, write(kind, spoken, replace(facts, promises=left))
