"""What happens to a sample of complaints whose treatment colleagues review?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

from recovery.events.base import Event, PaperRef

DrawMethod = Literal["random", "stratified", "risk"]
"""Each with the same chance; from each stratum its share; the likelier, the more went wrong."""
QualityMark = Literal["yes", "partly", "no", "not_applicable"]


class QualityQuestion(msgspec.Struct, frozen=True):
    """One question of the form, in the organisation's words."""

    code: str
    text: str


class FormWritten(Event, frozen=True, kw_only=True):
    """The questions that reviewers answer were written anew; its version is that of the stream."""

    topic = "quality.form_written"
    questions: tuple[QualityQuestion, ...]


class Drawn(Event, frozen=True, kw_only=True):
    """A sample was drawn, which the seed draws again from the same complaints."""

    topic = "quality.drawn"
    method: DrawMethod
    seed: str
    stratum: str = ""
    """By what complaints were divided: "channel"."""
    since: date | None = None
    until: date | None = None
    """The last day of the end of a complaint, itself included."""
    zone: str = "UTC"
    as_of: datetime
    population: int
    """How many complaints it was drawn from."""
    complaints: tuple[str, ...]
    reviewers: tuple[str, ...]
    form: int
    """Version of the form; 0: the one that comes with the desk."""


class Marked(Event, frozen=True, kw_only=True):
    """A reviewer answered the questions about a case, without seeing what another one answered."""

    topic = "quality.marked"
    complaint: str
    marks: dict[str, QualityMark]
    words: PaperRef | None = None


class Settled(Event, frozen=True, kw_only=True):
    """A third one decided the questions that two reviewers answered differently."""

    topic = "quality.settled"
    complaint: str
    marks: dict[str, QualityMark]
    words: PaperRef | None = None
