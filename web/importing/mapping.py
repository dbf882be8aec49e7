"""What does a file's columns mean? A mapping says it, in TOML; docs/importing.md explains each key.

Columns are named as people write them; "ZIP_code", "Zip code" and "zipcode" are the same column.
A list of columns means: the first of these that the file has.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from recovery import text
from recovery.errors import Invalid, RecoveryError
from recovery.events import Channel, Outcome
from web.importing import formats
from web.importing.dates import Precision
from web.importing.formats import ISO

PRESETS = Path(__file__).parent / "presets"
Columns = tuple[str, ...]
Act = Literal[
    "acknowledged", "explained", "redress", "goodwill", "in_kind", "compensated", "closed",
    "withdrawn",
]  # fmt: skip


class MappingError(RecoveryError):
    """The mapping cannot be used; the text names the file and the key."""


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class DateRules(_Part, frozen=True):
    """How dates are written, in which zone, and whether only the day is meant."""

    formats: tuple[str, ...] = (ISO,)
    zone: str = "UTC"
    precision: Precision = "instant"


class ChannelRules(_Part, frozen=True):
    columns: Columns = ()
    values: dict[str, Channel] = {}
    otherwise: Channel = "third_party"


class Attribute(_Part, frozen=True):
    """One code kept with the complaint."""

    columns: Columns
    values: dict[str, str] = {}
    """Other spellings of the same code."""
    known: tuple[str, ...] = ()
    """Every code there is; another one is kept and flagged."""
    pad: int = 0
    """Number of digits; leading zeros that a spreadsheet dropped are put back, and flagged."""


class WordsRules(_Part, frozen=True):
    """Personal words and places, for the vault: every column of `text` that the file has."""

    subject: Columns = ()
    text: Columns = ()


class ContactRules(_Part, frozen=True):
    name: Columns = ()
    email: Columns = ()
    phone: Columns = ()
    address: Columns = ()


class StatusRules(_Part, frozen=True):
    """What the published state says has been done; an empty list is an open complaint."""

    columns: Columns = ()
    values: dict[str, tuple[Act, ...]] = {}
    flags: dict[str, str] = {}
    """States that deserve a flag of their own."""


class ActRules(_Part, frozen=True):
    """Columns with the date of each act, where the source publishes it."""

    acknowledged: Columns = ()
    explained: Columns = ()
    compensated: Columns = ()
    closed: Columns = ()
    withdrawn: Columns = ()


class OutcomeRules(_Part, frozen=True):
    columns: Columns = ()
    values: dict[str, Outcome] = {}


class MoneyRules(_Part, frozen=True):
    amount: Columns = ()
    currency: Columns = ()
    otherwise: str = ""
    """The currency of amounts without one."""


class ReopenedRules(_Part, frozen=True):
    """When a row says that a closed complaint was disputed, and what is known to follow."""

    columns: Columns = ()
    values: tuple[str, ...] = ()
    reason: str = "disputed"
    then: tuple[Literal["closed"], ...] = ()
    empty: Literal["no", "not_known"] = "no"
    """What an empty cell of a closed complaint means."""


class Mapping(_Part, frozen=True):
    """A whole mapping."""

    source: str
    """Stands before each id: "cfpb:1291006"."""
    received: Columns
    """When the complaint arrived; the one column that must be there."""
    about: str = ""
    id: Columns = ()
    language: str = "en"
    languages: Columns = ()
    """Where a row says the language of its words; `language` where it says none."""
    policy: str = ""
    """The policy adopted here that these complaints are bound to; none: nobody promised ours."""
    category: Attribute | None = None
    product: Attribute | None = None
    tier: Attribute | None = None
    severity: Attribute | None = None
    dates: DateRules = DateRules()
    channel: ChannelRules = ChannelRules()
    attributes: dict[str, Attribute] = {}
    words: WordsRules = WordsRules()
    contact: ContactRules = ContactRules()
    milestones: dict[str, Columns] = {}
    status: StatusRules = StatusRules()
    acts: ActRules = ActRules()
    outcome: OutcomeRules = OutcomeRules()
    money: MoneyRules = MoneyRules()
    reopened: ReopenedRules = ReopenedRules()
    ignore: Columns = ()
    """Columns that are left out on purpose, and not reported as left out."""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.dates.zone)

    @property
    def date_columns(self) -> Columns:
        """Every column that holds dates."""
        found = [self.received, *self.milestones.values()]
        acts = self.acts
        found += [
            acts.acknowledged, acts.explained, acts.compensated, acts.closed, acts.withdrawn,
        ]  # fmt: skip
        return tuple(name for columns in found for name in columns)


def presets() -> list[str]:
    """The mappings that come with the desk."""
    return sorted(path.stem for path in PRESETS.glob("*.toml"))


def load(name: str) -> Mapping:
    """A preset, or the mapping in the file of that name; raises MappingError."""
    path = PRESETS / f"{name}.toml" if name in presets() else Path(name)
    try:
        found = msgspec.toml.decode(path.read_bytes(), type=Mapping)
        _check(found)
    except OSError:
        raise MappingError(
            f"There is no mapping {name!r}: name a TOML file, or one of {', '.join(presets())}."
        ) from None
    except (msgspec.MsgspecError, ValueError, Invalid) as error:
        raise MappingError(f"{path.name}: {error}") from None
    return found


def _check(mapping: Mapping) -> None:
    text.code(mapping.source, field="source")
    for name in (*mapping.attributes, *mapping.milestones):
        if text.code(name, field="attributes") != name:
            raise ValueError(f"{name!r} should be written in lower case")
    if not mapping.received:
        raise ValueError("received: name at least one column")
    try:
        mapping.zone  # noqa: B018 (raises for a zone that is not known)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"dates.zone: {mapping.dates.zone!r} is not a time zone") from None
    for known in mapping.dates.formats:
        formats.check(known)
    if not mapping.dates.formats:
        raise ValueError(f"dates.formats: give at least one, such as {ISO!r}")
