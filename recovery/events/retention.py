"""How long are complaints kept after they ended? Supervisors act."""

from __future__ import annotations

from typing import Literal

import msgspec

from recovery.events.base import Event, Outcome

KeepUnit = Literal["years", "months", "days"]


class Keeping(msgspec.Struct, frozen=True, omit_defaults=True):
    """A rule: how long complaints of some kind are kept after they were closed."""

    name: str
    count: int
    unit: KeepUnit
    categories: tuple[str, ...] = ()
    """Empty: every one."""
    outcomes: tuple[Outcome, ...] = ()


class RetentionAdopted(Event, frozen=True, kw_only=True):
    """From now on these rules say what is forgotten when."""

    topic = "retention.retention_adopted"
    rules: tuple[Keeping, ...]
    """The first that fits a complaint counts; what fits none is kept."""
