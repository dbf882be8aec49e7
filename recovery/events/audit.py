"""What happens to an audit, and to the tables of areas it may look up?"""

from __future__ import annotations

from datetime import datetime

from recovery.events.base import Event, PaperRef


class Ran(Event, frozen=True, kw_only=True):
    """Somebody asked how fairly complaints were treated, and was given an answer."""

    topic = "audit.ran"
    measure: str
    question: str
    """The whole question as JSON: codes and instants."""
    as_of: datetime
    log_position: int
    """How much of the log the answer rests on."""
    areas: tuple[str, ...] = ()
    """The tables of areas that were looked up, each with its version: "zip@1"."""
    policies: dict[str, tuple[str, ...]] = {}
    """The versions that bound the complaints, by policy."""
    code: str
    """The versions of the program and of the libraries that reckoned."""
    result: str
    """The answer as JSON: groups, counts and figures, small cells left out."""
    digest: str
    """SHA-256 of the question and the result."""


class LookedInto(Event, frozen=True, kw_only=True):
    """Somebody looked at the complaints behind a figure."""

    topic = "audit.looked_into"
    group: str
    stratum: str = ""
    complaints: int
    """How many were shown."""


class SignedOff(Event, frozen=True, kw_only=True):
    """A supervisor took note of the answer and said what follows."""

    topic = "audit.signed_off"
    digest: str
    """Of the answer that was signed."""
    words: PaperRef
    follow_up: PaperRef | None = None


class PassedOn(Event, frozen=True, kw_only=True):
    """The answer was sent to a colleague, on paper."""

    topic = "audit.passed_on"
    to: str
    """The colleague, as events name people."""
    digest: str
    """Of the answer that was sent."""


class AreasUploaded(Event, frozen=True, kw_only=True):
    """A table of what is known about areas was uploaded."""

    topic = "areas.areas_uploaded"
    attribute: str
    """The attribute of a complaint that names its area: "zip"."""
    columns: tuple[str, ...]
    rows: int
    content: PaperRef
    """JSON of `recovery.areas.Content`."""
