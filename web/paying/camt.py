"""What does a bank statement (camt.053) or notification (camt.054) say of our payments?

Each entry is read down to its transactions, and each of these gives one line: a result under the
end-to-end id that the bank repeats, or the reason why it is none. A file that cannot be read to its
end gives none at all.
"""

from __future__ import annotations

import re
from pathlib import Path

from recovery.errors import Invalid
from recovery.paying.records import Line, Statement
from web.paying import xmlfile
from web.paying.entries import lines_of

MESSAGES = {
    "camt.053.001": ("BkToCstmrStmt", "Stmt"), "camt.054.001": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}  # fmt: skip
VERSIONS = range(2, 13)
"""All have what we read in the same places, but for the amount and the status: see `entries`."""
MOST_LINES = 250_000
_SPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:((camt\.\d{3}\.\d{3})\.(\d{2}))")


def read(path: Path) -> Statement:
    """The lines of the file; raises Invalid with the reason where it is refused."""
    reader = _Reader()
    xmlfile.read(path, kept=_KEPT, begin=reader.begin, end=reader.end)
    return reader.statement()


def _paths(message: str, report: str) -> list[tuple[str, ...]]:
    """The elements that are kept: report, account, entry and transaction."""
    base = ("Document", message, report)
    return [
        ("Document", message, "GrpHdr"), (*base, "Acct"), (*base, "Ntry"),
        (*base, "Ntry", "NtryDtls", "TxDtls"),
    ]  # fmt: skip


_KEPT = frozenset(path for names in MESSAGES.values() for path in _paths(*names))


class _Reader:
    """Gathers lines from the elements of a file."""

    def __init__(self) -> None:
        self._form = ""
        self._message = ""
        self._header = xmlfile.Element()
        self._accounts: dict[str, None] = {}
        self._lines: list[Line] = []
        self._entries = 0
        self._details = 0

    def begin(self, root: xmlfile.Root) -> None:
        """Refuses what is no statement in a version that we know."""
        found = _SPACE.fullmatch(root.space)
        known = f"camt.053 and camt.054, versions {VERSIONS[0]:02} to {VERSIONS[-1]:02}"
        if not found or root.name != "Document" or found[2] not in MESSAGES:
            raise Invalid(f"This is no statement that we can read ({known}).", field="file")
        if int(found[3]) not in VERSIONS:
            raise Invalid(f"We cannot read {found[1]} ({known}).", field="file")
        self._form = found[1]
        self._message = MESSAGES[found[2]][0]

    def end(self, path: tuple[str, ...], element: xmlfile.Element) -> None:
        if path[1] != self._message:
            return
        match path[-1]:
            case "GrpHdr":
                self._header = element
            case "Acct":
                self._accounts[element.text("Id/IBAN", "Id/Othr/Id")] = None
            case "TxDtls":
                self._details += 1
            case "Ntry":
                self._entries += 1
                self._lines += lines_of(
                    element, number=self._entries, created=self._header.text("CreDtTm")
                )
        if max(len(self._lines), self._details, len(self._accounts)) > MOST_LINES:
            raise Invalid(
                f"This file has more than {MOST_LINES:,} entries; ask for smaller ones.",
                field="file",
            )

    def statement(self) -> Statement:
        if not self._header.text("MsgId"):
            raise Invalid("This statement lacks the header that names it.", field="file")
        return Statement(
            form=self._form, id=self._header.text("MsgId"),
            accounts=tuple(a for a in self._accounts if a), lines=tuple(self._lines),
        )  # fmt: skip
