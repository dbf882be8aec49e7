"""Which of a row's cells are personal and belong into the vault?"""

from __future__ import annotations

from recovery.text import clean
from recovery.vault import Contact, Words
from web.importing.binding import Binding, Cells, line
from web.importing.mapping import ContactRules, WordsRules


class WordsReader:
    """The complainant's own words, and places. Several columns become lines with their names."""

    def __init__(self, rules: WordsRules, binding: Binding) -> None:
        self._subject = binding.columns(rules.subject)
        self._text = [(name, binding.written(name)) for name in binding.columns(rules.text)]

    def of(self, cells: Cells) -> Words | None:
        """None where the row has no words; a subject alone is a code, and stands in the event."""
        found = [
            (label, said) for name, label in self._text if (said := cells.get(name, "").strip())
        ]
        if not found:
            return None
        text = found[0][1] if len(self._text) == 1 else "\n".join(f"{a}: {b}" for a, b in found)
        subject = ": ".join(filter(None, (line(cells.get(name, "")) for name in self._subject)))
        return Words(clean(text, field="", limit=len(text) * 4), subject=subject)


class ContactReader:
    """How to reach the complainant, where the source says it."""

    def __init__(self, rules: ContactRules, binding: Binding) -> None:
        self._name = binding.column(rules.name)
        self._email = binding.column(rules.email)
        self._phone = binding.column(rules.phone)
        self._address = binding.column(rules.address)
        self._any = any((self._name, self._email, self._phone, self._address))

    def of(self, cells: Cells) -> Contact | None:
        if not self._any:
            return None
        found = Contact(
            name=_cell(cells, self._name), email=_cell(cells, self._email),
            phone=_cell(cells, self._phone), address=_lines(cells, self._address),
        )  # fmt: skip
        return found if found != Contact() else None


def _cell(cells: Cells, column: str | None) -> str:
    return line(cells.get(column, "")) if column else ""


def _lines(cells: Cells, column: str | None) -> str:
    said = cells.get(column, "") if column else ""
    return clean(said, field="", limit=len(said) * 4)
