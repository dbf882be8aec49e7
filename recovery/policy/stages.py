"""In which stage was a complaint, as its clocks see it?"""

from __future__ import annotations

from collections.abc import Iterable

from recovery.policy.marks import Mark

STAGES = ("received", "acknowledged", "explained", "compensated", "closed", "withdrawn")
_PREFIX = "stage:"


def entering(stage: str) -> str:
    """The mark that a complaint leaves when it enters a stage."""
    return _PREFIX + stage


def with_stages(marks: Iterable[Mark]) -> list[Mark]:
    """The marks, each followed by that of the stage into which it led."""
    found: list[Mark] = []
    stage, acknowledged = "", False
    for mark in marks:
        found.append(mark)
        acknowledged = acknowledged or mark.kind in ("acknowledged", "explained")
        after = _after(mark.kind, stage, acknowledged)
        if after != stage:
            found.append(Mark(entering(after), mark.at))
            stage = after
    return found


def _after(kind: str, stage: str, acknowledged: bool) -> str:
    if kind == "acknowledged":
        return "acknowledged" if stage == "received" else stage
    if kind == "reopened":
        return "acknowledged" if acknowledged else "received"
    if kind == "compensated" and stage in ("closed", "withdrawn"):
        return stage  # approved after the end
    return kind if kind in STAGES else stage
