"""Which instant of the past was asked for on a page, and in which of two ways?"""

from __future__ import annotations

from datetime import UTC, datetime

from projections.past import Cut
from recovery import text as texts
from recovery.errors import Invalid
from web.i18n import mark
from web.pages.viewer import Viewer

WAYS = (("true", mark("As it was")), ("known", mark("As we knew it then")))
"""By when things happened, or by when they were recorded."""


def cut_of(at: str, way: str, viewer: Viewer) -> Cut | None:
    """The instant that was asked for, on the viewer's clock; None when none was. Raises Invalid."""
    if not at.strip():
        return None
    try:
        there = datetime.fromisoformat(at.strip())
    except ValueError:
        raise Invalid("This is not an instant (write it like 2026-03-31T17:00).") from None
    instant = texts.instant(
        there if there.tzinfo else there.replace(tzinfo=viewer.zone), field="at"
    )
    if instant > viewer.now:
        raise Invalid("This lies in the future.")
    return Cut(known_at=instant) if way == "known" else Cut(true_at=instant)


def back_then(viewer: Viewer, cut: Cut) -> Viewer:
    """The same person, for whom that instant is now: what is late by then is late."""
    return Viewer(
        language=viewer.language, zone=viewer.zone.key, scheme=viewer.scheme,
        now=cut.instant.astimezone(UTC), session=viewer.session,
    )  # fmt: skip


def ways(viewer: Viewer) -> list[tuple[str, str]]:
    """To choose from."""
    return [(name, viewer.say(words)) for name, words in WAYS]
