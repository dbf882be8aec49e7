"""A bank that takes credit transfer files, and writes the statements of the tests.

Statements are written from the rules of the standard: from version 03 a transaction has an amount
of its own, which stood under its details before; from version 07 the status is a code within an
element.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

from lxml import etree

from web.paying.pain import SPACE

BALANCE = (
    "<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp>"
    '<Amt Ccy="EUR">1000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-03</Dt></Dt></Bal>'
)


class Transfer(NamedTuple):
    """A transaction as the bank carries it out."""

    payment: str
    amount: str
    currency: str
    account: str = ""


def accept(path: Path) -> list[Transfer]:
    """The payments that a credit transfer file asks for; counted and summed as banks do."""
    document = etree.parse(path).getroot()
    names = {"p": SPACE}
    found = [
        Transfer(
            element.findtext(".//p:EndToEndId", namespaces=names),
            element.findtext(".//p:InstdAmt", namespaces=names),
            element.find(".//p:InstdAmt", names).get("Ccy"),
            element.findtext(".//p:CdtrAcct//p:IBAN", namespaces=names) or "",
        )
        for element in document.iterfind(".//p:CdtTrfTxInf", names)
    ]
    assert document.findtext(".//p:GrpHdr/p:NbOfTxs", namespaces=names) == str(len(found))
    return found


def transaction(
    payment: str, amount: str = "", currency: str = "EUR", *, version: int = 8, direction: str = "",
    returned: str = "", words: str = "", reference: str = "", asked: str = "", charges: str = "",
) -> str:  # fmt: skip
    """TxDtls."""
    refs = _tag("AcctSvcrRef", reference) + f"<EndToEndId>{payment}</EndToEndId>"
    instructed = f"<InstdAmt>{asked}</InstdAmt>" if asked else ""
    plain = f'<Amt Ccy="{currency}">{amount}</Amt>' if amount else ""
    old = f"<TxAmt>{plain}</TxAmt>" if plain and version < 3 else ""
    details = f"<AmtDtls>{instructed}{old}</AmtDtls>" if instructed or old else ""
    info = _tag("AddtlInf", words)
    back = f"<RtrInf><Rsn><Cd>{returned}</Cd></Rsn>{info}</RtrInf>" if returned else ""
    own = "" if version < 3 else plain + _tag("CdtDbtInd", direction)
    return f"<TxDtls><Refs>{refs}</Refs>{own}{details}{charges}{back}</TxDtls>"


def entry(
    amount: str, *transactions: str, currency: str = "EUR", direction: str = "DBIT",
    status: str = "BOOK", reversal: str = "", booked: str = "<Dt>2026-03-03</Dt>",
    reference: str = "", batch: str = "", family: str = "", version: int = 8,
) -> str:  # fmt: skip
    """Ntry."""
    state = status if version < 7 or not status else f"<Cd>{status}</Cd>"
    code = (
        f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>{family}</SubFmlyCd></Fmly>"
        "</Domn></BkTxCd>"
        if family
        else "<BkTxCd/>"
    )
    inside = "".join(transactions)
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt>{_tag("CdtDbtInd", direction)}'
        f"{_tag('RvslInd', reversal)}<Sts>{state}</Sts><BookgDt>{booked}</BookgDt>"
        f"{_tag('AcctSvcrRef', reference)}{code}<NtryDtls>{batch}{inside}</NtryDtls></Ntry>"
    )


def statement(*entries: str, version: int = 8, number: int = 53, head: str = "") -> str:
    """A file with one report."""
    message, report = {53: ("BkToCstmrStmt", "Stmt"), 54: ("BkToCstmrDbtCdtNtfctn", "Ntfctn")}[
        number
    ]
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.0{number}.001.{version:02}">'
        f"<{message}><GrpHdr><MsgId>S1</MsgId><CreDtTm>2026-03-04T06:00:00+01:00</CreDtTm></GrpHdr>"
        f"<{report}><Id>1</Id><CreDtTm>2026-03-04T06:00:00+01:00</CreDtTm>"
        "<Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></Acct>"
        f"{BALANCE if number == 53 else ''}{''.join(entries)}</{report}></{message}></Document>"
    )


def debits(transfers: Iterable[Transfer], *, version: int = 8) -> list[str]:
    """An entry for each payment that left."""
    return [
        entry(
            t.amount, transaction(t.payment, t.amount, t.currency, version=version),
            currency=t.currency, reference=f"B{n}", version=version,
        )
        for n, t in enumerate(transfers, 1)
    ]  # fmt: skip


def _tag(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else ""
