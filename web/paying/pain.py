"""How are payments written as an ISO 20022 credit transfer (pain.001.001.09)?

One group header with the number of payments and their sum, one block for each day and currency
(and so for each account that pays), one transaction for each payment. What was written is read
again and held against the official schema before anybody may have it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any, BinaryIO
from uuid import uuid5

from lxml import etree

from recovery.errors import Refused
from recovery.money import minor_unit
from recovery.paying.account import Account, Iban, Party, UkAccount
from recovery.paying.records import Instruction
from web.i18n import mark
from web.paying.characters import bank_text
from web.paying.export import NAMESPACE

FORM = "pain.001.001.09"
SPACE = f"urn:iso:std:iso:20022:tech:xsd:{FORM}"
LONGEST_NAME = 70
LONGEST_TEXT = 140
Payers = Mapping[str, Party]
"""Our account for each currency."""


def refusal(instruction: Instruction, payers: Payers) -> str:
    """Why a bank file cannot hold this payment; empty where it can."""
    money = instruction.money
    if money.currency not in payers:
        return f"No account of ours is set up to pay in {money.currency}."
    if money.amount <= 0 or money.amount != money.amount.quantize(minor_unit(money.currency)):
        return f"{money} cannot be paid."
    if not bank_text(instruction.payee.name, LONGEST_NAME):
        return mark("The name on the account has no letter that a bank can write.")
    return ""


def write(
    file: BinaryIO, instructions: Sequence[Instruction], message: str, *, payers: Payers,
    at: datetime,
) -> None:  # fmt: skip
    """Write the file and check it; raises Refused with the first thing that is wrong."""
    for instruction in instructions:
        if why := refusal(instruction, payers):
            raise Refused(f"Payment {instruction.payment}: {why}")
    ordered = sorted(instructions, key=_block)
    with etree.xmlfile(file, encoding="UTF-8") as out:
        out.write_declaration()
        with out.element("Document", nsmap={None: SPACE}), out.element("CstmrCdtTrfInitn"):
            out.write(_header(ordered, message, payers, at))
            for (currency, on), group in groupby(ordered, _block):
                _write_block(out, list(group), payers[currency], f"{message}/{currency}/{on}")
    file.flush()
    file.seek(0)
    _check(file)


def _block(instruction: Instruction) -> tuple[str, str]:
    return instruction.money.currency, instruction.on.isoformat()


def _header(instructions: Sequence[Instruction], message: str, payers: Payers, at: datetime) -> Any:
    header = etree.Element("GrpHdr")
    _add(header, "MsgId", text=message)
    _add(header, "CreDtTm", text=f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    _sums(header, instructions)
    _party(_add(header, "InitgPty"), payers[instructions[0].money.currency])
    return header


def _write_block(out: Any, instructions: Sequence[Instruction], payer: Party, name: str) -> None:
    """The payments of one day out of one account."""
    with out.element("PmtInf"):
        block = etree.Element("PmtInf")
        _add(block, "PmtInfId", text=uuid5(NAMESPACE, name).hex)
        _add(block, "PmtMtd", text="TRF")
        _add(block, "BtchBookg", text="false")
        _sums(block, instructions)
        _add(block, "ReqdExctnDt", "Dt", text=instructions[0].on.isoformat())
        _party(_add(block, "Dbtr"), payer)
        _account(_add(block, "DbtrAcct"), payer.account)
        _add(block.find("DbtrAcct"), "Ccy", text=instructions[0].money.currency)
        _bank(_add(block, "DbtrAgt"), payer.account)
        for element in block:
            out.write(element)
        for instruction in instructions:
            out.write(_transaction(instruction, payer))


def _transaction(instruction: Instruction, payer: Party) -> Any:
    found = etree.Element("CdtTrfTxInf")
    payee, money = instruction.payee, instruction.money
    identifiers = _add(found, "PmtId")
    _add(identifiers, "InstrId", text=instruction.payment)
    _add(identifiers, "EndToEndId", text=instruction.payment)
    sepa = money.currency == "EUR" and _is_sepa(payer.account) and _is_sepa(payee.account)
    if sepa:
        _add(found, "PmtTpInf", "SvcLvl", "Cd", text="SEPA")
    amount = _add(found, "Amt", "InstdAmt", text=_amount(instruction))
    amount.set("Ccy", money.currency)
    _add(found, "ChrgBr", text="SLEV" if sepa else "SHAR")
    if not isinstance(payee.account, Iban) or payee.account.bic:
        _bank(_add(found, "CdtrAgt"), payee.account)
    _party(_add(found, "Cdtr"), payee)
    _account(_add(found, "CdtrAcct"), payee.account)
    _add(found, "RmtInf", "Ustrd", text=bank_text(instruction.remittance, LONGEST_TEXT))
    return found


def _sums(parent: Any, instructions: Sequence[Instruction]) -> None:
    """How many, and the sum of the amounts whatever their currency, as the standard has it."""
    _add(parent, "NbOfTxs", text=str(len(instructions)))
    total = sum((i.money.amount for i in instructions), Decimal(0))
    _add(parent, "CtrlSum", text=format(total, "f"))


def _amount(instruction: Instruction) -> str:
    """With the decimal places that the currency has."""
    money = instruction.money
    return format(money.amount.quantize(minor_unit(money.currency)), "f")


def _party(parent: Any, party: Party) -> None:
    _add(parent, "Nm", text=bank_text(party.name, LONGEST_NAME))


def _account(parent: Any, account: Account) -> None:
    if isinstance(account, Iban):
        _add(parent, "Id", "IBAN", text=account.iban)
        return
    other = _add(parent, "Id", "Othr")
    _add(other, "Id", text=account.number)
    if isinstance(account, UkAccount):
        _add(other, "SchmeNm", "Cd", text="BBAN")
    else:
        _add(other, "SchmeNm", "Prtry", text=bank_text(account.scheme, 35))


def _bank(parent: Any, account: Account) -> None:
    """The bank by its code, by the branch's sort code, or as one that nobody named."""
    if isinstance(account, UkAccount):
        member = _add(parent, "FinInstnId", "ClrSysMmbId")
        _add(member, "ClrSysId", "Cd", text="GBDSC")
        _add(member, "MmbId", text=account.sort_code)
    elif account.bic:
        _add(parent, "FinInstnId", "BICFI", text=account.bic)
    else:
        _add(parent, "FinInstnId", "Othr", "Id", text="NOTPROVIDED")


def _is_sepa(account: Account) -> bool:
    return isinstance(account, Iban) and account.is_sepa


def _add(parent: Any, *names: str, text: str | None = None) -> Any:
    """Elements within each other; returns the innermost."""
    for name in names:
        parent = etree.SubElement(parent, name)
    parent.text = text
    return parent


@cache
def _schema() -> Any:
    source = files("web.paying") / "schemas" / f"{FORM}.xsd"
    return etree.XMLSchema(etree.fromstring(source.read_bytes()))


def _check(file: BinaryIO) -> None:
    """Hold the file against the schema, a few elements in memory at a time."""
    read = etree.iterparse(
        file, schema=_schema(), tag=f"{{{SPACE}}}CdtTrfTxInf",
        resolve_entities=False, no_network=True,
    )  # fmt: skip
    try:
        for _, element in read:
            element.clear()
    except etree.XMLSyntaxError as error:
        raise Refused(f"The file does not follow {FORM}: {error.msg}") from None
