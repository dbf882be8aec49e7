"""Which events does one row tell of, and what is odd about it?"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from datetime import datetime

import msgspec

from recovery import text as texts
from recovery.errors import Invalid
from recovery.events import Channel, Event, Received, Severity
from recovery.policy.library import NONE, InForce
from recovery.vault import Contact, Words
from web.importing.acts import Acts, Story
from web.importing.binding import Binding, Cells, Code, tidy
from web.importing.dates import Dates, Moment
from web.importing.mapping import Attribute, Mapping
from web.importing.personal import ContactReader, WordsReader
from web.importing.readers import Row, normalise

BY = "system:import"
LONGEST_ID = 100
_SEVERITIES: dict[str, Severity] = {
    "low": "low", "normal": "normal", "high": "high", "critical": "critical",
}  # fmt: skip


class RowRefused(Exception):
    """The row cannot become a complaint; the text says why."""


class Draft(msgspec.Struct, frozen=True):
    """A row as a complaint: its events, and the personal words that belong into the vault."""

    received: Received
    later: list[Event]
    words: Words | None
    contact: Contact | None

    @property
    def flags(self) -> tuple[str, ...]:
        return self.received.flags


class Rows:
    """Builds the events of each row of one file.

    `secret` makes a complainant's id that says nothing about the source's own id. Rows are given
    in the order of the file, because rows without an id are told apart by how often the same
    content came before.
    """

    def __init__(
        self, mapping: Mapping, binding: Binding, dates: Dates, *, secret: bytes,
        policy: InForce = NONE, now: datetime | None = None,
    ) -> None:  # fmt: skip
        self._source = mapping.source
        self._language = mapping.language
        self._languages = binding.column(mapping.languages)
        self._policy = policy
        self._secret = secret
        self._now = now
        self._dates = dates
        self._id = binding.column(mapping.id)
        self._received = binding.column(mapping.received) or ""
        self._codes = [
            code
            for name, rules in mapping.attributes.items()
            if (code := _code(binding, name, rules))
        ]
        self._category = _code(binding, "category", mapping.category)
        self._product = _code(binding, "product", mapping.product)
        self._tier = _code(binding, "tier", mapping.tier)
        self._severity = _code(binding, "severity", mapping.severity)
        self._channel = binding.column(mapping.channel.columns)
        self._channels = {normalise(k): v for k, v in mapping.channel.values.items()}
        self._other_channel = mapping.channel.otherwise
        self._acts = Acts(mapping, binding, dates, by=BY)
        self._words = WordsReader(mapping.words, binding)
        self._contact = ContactReader(mapping.contact, binding)
        self._identifying = binding.taken
        self._without_id: Counter[bytes] = Counter()
        self._ids: set[str] = set()

    def build(self, row: Row) -> Draft:
        """The complaint in this row; raises RowRefused."""
        cells = row.cells
        flags = list(row.flags)
        received = self._when(cells)
        source = self._identity(cells, flags)
        flags += received.flags
        if self._now and received.at > self._now:
            flags.append("in_the_future")
        attributes = self._attributes(cells, flags)
        channel = self._channel_of(cells, flags)
        category, product = (
            _value(self._category, cells, flags),
            _value(self._product, cells, flags),
        )
        tier, severity = _value(self._tier, cells, flags), self._severity_of(cells, flags)
        language = self._language_of(cells, flags)
        story: Story = self._acts.of(cells, received)
        flags += story.flags
        return Draft(
            Received(
                at=received.at, by=BY, precision=received.precision,
                complainant=self._complainant(source), channel=channel, language=language,
                policy=self._policy.policy, policy_version=self._policy.version, severity=severity,
                category=category, product=product, tier=tier, attributes=attributes, source=source,
                flags=tuple(dict.fromkeys(flags)),
            ),
            story.events, self._words.of(cells), self._contact.of(cells),
        )  # fmt: skip

    def _when(self, cells: Cells) -> Moment:
        text = cells.get(self._received, "").strip()
        if not text:
            raise RowRefused("it does not say when the complaint was received")
        if found := self._dates.read(text):
            return found
        raise RowRefused(f"{text[:40]!r} is not a date in the format of this file")

    def _identity(self, cells: Cells, flags: list[str]) -> str:
        """The source's own id, or one from the content of a row that has none."""
        found, cut = tidy(cells.get(self._id, "")) if self._id else ("", False)
        if cut or len(found) > LONGEST_ID:
            raise RowRefused(f"its id {found[:20]!r}… has more than {LONGEST_ID} characters")
        if not found:
            flags.append("no_id")
            return f"{self._source}:{self._by_content(cells)}"
        if found in self._ids:
            raise RowRefused(f"its id {found!r} stands in an earlier row of this file as well")
        self._ids.add(found)
        return f"{self._source}:{found}"

    def _by_content(self, cells: Cells) -> str:
        given = ((name, cells.get(name, "").strip()) for name in self._identifying)
        content = "\0".join(f"{name}={value}" for name, value in given if value)
        digest = hashlib.sha256(content.encode("utf-8", "replace")).digest()[:12]
        self._without_id[digest] += 1
        return f"row-{digest.hex()}-{self._without_id[digest]}"

    def _complainant(self, source: str) -> str:
        return hmac.digest(self._secret, b"complainant\0" + source.encode(), "sha256").hex()[:32]

    def _attributes(self, cells: Cells, flags: list[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for code in self._codes:
            if value := _value(code, cells, flags):
                found[code.name] = value
        return found

    def _channel_of(self, cells: Cells, flags: list[str]) -> Channel:
        said = cells.get(self._channel, "").strip() if self._channel else ""
        if not said:
            return self._other_channel
        found = self._channels.get(normalise(said))
        if found is None:
            flags.append("unknown_channel")
        return found or self._other_channel

    def _language_of(self, cells: Cells, flags: list[str]) -> str:
        said = cells.get(self._languages, "").strip() if self._languages else ""
        try:
            return texts.language(said) if said else self._language
        except Invalid:
            flags.append("unknown_language")
            return self._language

    def _severity_of(self, cells: Cells, flags: list[str]) -> Severity:
        said = _value(self._severity, cells, flags).lower()
        if said and said not in _SEVERITIES:
            flags.append("unknown_severity")
        return _SEVERITIES.get(said, "normal")


def _code(binding: Binding, name: str, rules: Attribute | None) -> Code | None:
    column = binding.column(rules.columns) if rules else None
    return Code(name, rules, column) if rules and column else None


def _value(code: Code | None, cells: Cells, flags: list[str]) -> str:
    text = cells.get(code.column, "") if code else ""
    if not text or code is None:
        return ""
    found, odd = code.read(text)
    if odd:
        flags += odd
    return found
