"""What did somebody answer in so many words: in a row, a message or a form?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import get_args

from recovery.errors import Invalid
from recovery.money import Money
from recovery.paying.records import Kind, Result

REQUIRED = ("payment", "result", "amount", "currency", "at")
"""What each answer says; `reason`, `words` and `source` may follow."""
KINDS: tuple[Kind, ...] = get_args(Kind)


def answer(said: Mapping[str, str], *, source: str) -> Result:
    """The result that was meant; raises Invalid with what is wrong about it."""
    payment = said["payment"].strip()
    if not payment:
        raise Invalid("This names no payment.", field="payment")
    kind = said["result"].strip().lower()
    if kind not in KINDS:
        raise Invalid(f"{kind[:20]!r} is no result: use {', '.join(KINDS)}.", field="result")
    return Result(
        payment=payment, kind=kind, money=Money.parse(said["amount"], said["currency"]),
        at=instant(said["at"].strip()), reason=said.get("reason", "")[:35],
        words=said.get("words", "")[:500], source=source[:100],
    )  # fmt: skip


def instant(text: str) -> datetime:
    """An instant, or the first one of a day, in UTC; raises Invalid.

    A time of day needs its distance from UTC: nobody can know which clock was looked at. A midnight
    without it is how spreadsheets write a day.
    """
    text = text.removesuffix("T00:00:00")
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(
            f"{text[:30]!r} is no date (write 2026-03-02 or 2026-03-02T09:30:00Z).", field="at"
        ) from None
    if found.tzinfo is None and len(text) > len("2026-03-02"):
        raise Invalid(f"{text[:30]!r} lacks Z or an offset such as +01:00.", field="at")
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError:
        raise Invalid(f"{text[:30]!r} is no date of this world.", field="at") from None
