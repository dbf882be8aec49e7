"""What does one entry of a bank statement say became of our payments?

Money that left is *paid*. Money that came back is *reversed*, if the bank says so: by a reversal
indicator, by return information with its reason, or by the code of a returned transfer. What is not
booked yet is *pending*. Everything else waits for somebody, with a sentence.

From version 03 a transaction has an amount and a direction of its own, from 07 the status is a code
within an element; before, the amount stood among the details and the status alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from recovery.errors import Invalid
from recovery.money import Money
from recovery.paying.records import Kind, Line, Result, Unmatched
from web.paying.xmlfile import Element

RETURNED = "RRTN"
"""Sub-family of a returned or reimbursed transfer, in the bank transaction codes."""
_OURS = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)
_BOOKED = {"BOOK": True, "PDNG": False, "FUTR": False}


def lines_of(entry: Element, *, number: int, created: str) -> list[Line]:
    """One line for each transaction of the entry, and at least one.

    `created` is when the file was made, for entries that have no date of their own yet.
    """
    where = entry.text("AcctSvcrRef", "NtryRef") or f"entry {number}"
    try:
        at = _instant(entry, created)
        booked = _is_booked(entry)
        _require_sum(entry)
    except Invalid as error:
        return [
            _unmatched(str(error), entry, detail, f"{where}/{i}")
            for i, detail in enumerate(_details(entry), 1)
        ]
    return [
        _line(entry, detail, at=at, booked=booked, where=f"{where}/{i}")
        for i, detail in enumerate(_details(entry), 1)
    ]


def _details(entry: Element) -> Sequence[Element]:
    return entry.parts or [Element()]


def _line(entry: Element, detail: Element, *, at: datetime, booked: bool, where: str) -> Line:
    source = detail.text("Refs/AcctSvcrRef", "Refs/TxId") or where
    try:
        payment = _payment(entry, detail)
        kind = _kind(entry, detail, booked)
        money = _money(entry, detail)
    except Invalid as error:
        return _unmatched(str(error), entry, detail, source)
    return Result(
        payment=payment, kind=kind, money=money, at=at, source=source,
        reason=detail.text("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry")[:35],
        words=(
            detail.text("RtrInf/AddtlInf", "AddtlTxInf") or entry.text("AddtlNtryInf")
        )[:500],
    )  # fmt: skip


def _unmatched(why: str, entry: Element, detail: Element, where: str) -> Unmatched:
    try:
        money = _money(entry, detail)
    except Invalid:
        money = None
    return Unmatched(
        reason=why, where=where[:100], payment=detail.text("Refs/EndToEndId")[:35], money=money
    )


def _instant(entry: Element, created: str) -> datetime:
    """When it was booked, or else when the bank said so; the first instant of a bare day.

    A time without an offset from UTC is the bank's own, so only its day is taken.
    """
    written = entry.text("BookgDt/DtTm", "BookgDt/Dt", "ValDt/DtTm", "ValDt/Dt") or created
    try:
        if len(written) > len("2026-03-02"):
            found = datetime.fromisoformat(written)
            if found.tzinfo is not None:
                return found.astimezone(UTC)
        day = date.fromisoformat(written[:10])
    except (ValueError, OverflowError):
        raise Invalid("The bank gives no date for this entry.") from None
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _is_booked(entry: Element) -> bool:
    status = entry.text("Sts/Cd", "Sts")
    if status not in _BOOKED:
        raise Invalid("The bank tells of this entry, and does not say that it is booked.")
    return _BOOKED[status]


def _payment(entry: Element, detail: Element) -> str:
    """Our id, in small letters as we wrote it."""
    found = detail.text("Refs/EndToEndId")
    if detail.repeats("Refs/EndToEndId"):
        raise Invalid("The bank names two payments in one.")
    if found and found != "NOTPROVIDED":
        return found.lower() if _OURS.fullmatch(found) else found
    if not entry.parts and entry.has("NtryDtls/Btch/"):
        count = entry.text("NtryDtls/Btch/NbOfTxs") or "Several"
        raise Invalid(
            f"{count} payments were booked as one sum: ask the bank for the details (camt.054)."
        )
    raise Invalid("The bank names no payment of ours.")


def _kind(entry: Element, detail: Element, booked: bool) -> Kind:
    direction = detail.text("CdtDbtInd") or entry.text("CdtDbtInd")
    comes_back = (
        entry.text("RvslInd") in ("true", "1")
        or detail.has("RtrInf/")
        or RETURNED in (_family(detail), _family(entry))
    )
    match direction, comes_back:
        case "DBIT", False:
            return "paid" if booked else "pending"
        case "CRDT", True:
            return "reversed" if booked else "pending"
        case "CRDT", False:
            raise Invalid("Money came in under this id, and the bank does not call it a return.")
        case "DBIT", True:
            raise Invalid("The bank took back what had come in.")
        case _:
            raise Invalid("The bank does not say whether money left or came in.")


def _family(element: Element) -> str:
    return element.text("BkTxCd/Domn/Fmly/SubFmlyCd")


def _money(entry: Element, detail: Element) -> Money:
    """What moved, in the currency in which it was instructed; raises Invalid.

    A transaction without an amount of its own has the entry's, if it is the only one in it.
    """
    moved = _amount(detail, "Amt") or _amount(detail, "AmtDtls/TxAmt/Amt")
    asked = _amount(detail, "AmtDtls/InstdAmt/Amt")
    if moved is None or (asked is not None and asked.currency != moved.currency):
        moved = asked
    if moved is None and len(entry.parts) <= 1:
        moved = _amount(entry, "Amt")
    if moved is None:
        raise Invalid("The bank does not say how much of the entry this is.")
    return moved


def _amount(element: Element, path: str) -> Money | None:
    text = element.text(path)
    if not text:
        return None
    if element.repeats(path):
        raise Invalid("The bank gives two amounts for one payment.")
    return Money.parse(text, element.text(f"{path}@Ccy"))


def _require_sum(entry: Element) -> None:
    """Raises Invalid where transactions in the entry's own currency do not add up to it.

    Where charges are told of, the entry may differ by them.
    """
    total = _amount(entry, "Amt")
    if total is None:
        raise Invalid("The bank gives no amount for this entry.")
    moved = [_amount(d, "Amt") or _amount(d, "AmtDtls/TxAmt/Amt") for d in entry.parts]
    if any(entry_or_detail.has("Chrgs/") for entry_or_detail in (entry, *entry.parts)):
        return
    if not moved or any(m is None or m.currency != total.currency for m in moved):
        return
    against = entry.text("CdtDbtInd")
    signs = [1 if d.text("CdtDbtInd") in ("", against) else -1 for d in entry.parts]
    found = sum((m.amount * s for m, s in zip(moved, signs, strict=True) if m), Decimal(0))
    if found != total.amount:
        raise Invalid(
            f"The payments of this entry come to {found} {total.currency}, and it is of {total}."
        )
