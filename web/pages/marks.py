"""How do the small marks look that a page shows by the hundred?

They are made here and not as macros because a queue has fifty rows of them: what does not change
between rows is made once. Each says in words what its colour says.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from markupsafe import Markup, escape

from web.pages.clockface import Badge
from web.pages.static import address
from web.pages.viewer import Viewer, iso


@lru_cache(maxsize=512)
def icon(name: str, label: str = "") -> Markup:
    """A picture from the sheet; silent for a screen reader unless it has a label."""
    spoken = Markup('role="img" aria-label="{}"').format(label) if label else _SILENT
    return Markup('<svg class="icon" {}><use href="{}#{}"></use></svg>').format(
        spoken, address("icons.svg"), name
    )


_SILENT = Markup('aria-hidden="true"')


@lru_cache(maxsize=2048)
def tag(text: str, tone: str = "", mark: str = "", title: str = "") -> Markup:
    """A few words on a coloured ground."""
    hint = Markup(' title="{}"').format(title) if title else ""
    look = f"lozenge is-{tone}" if tone else "lozenge"
    return Markup('<span class="{}"{}>{}{}</span>').format(
        look, hint, icon(mark) if mark else "", text
    )


def clock(badge: Badge) -> Markup:
    """A clock as a badge: its name, the time left in words, the exact instant on hover."""
    return Markup(  # noqa: S704 (each part is escaped)
        f'<span class="lozenge is-{badge.tone}" title="{escape(badge.title)}">{icon(badge.mark)}'
        f"{escape(badge.name)} <strong>{escape(badge.left)}</strong></span>"
    )


def pips(steps: Sequence[str], said: str) -> Markup:
    """Where a complaint stands, as small as it goes."""
    return _pips(tuple(steps), said)


@lru_cache(maxsize=1024)
def _pips(steps: tuple[str, ...], said: str) -> Markup:
    drawn = Markup().join(
        Markup('<svg class="pip is-{0}" aria-hidden="true"><use href="{1}#pip-{0}"></use></svg>')
        .format(step, address("icons.svg"))
        for step in steps
    )  # fmt: skip
    return Markup('<span class="pips" role="img" aria-label="{0}" title="{0}">{1}</span>').format(
        said, drawn
    )


@lru_cache(maxsize=1024)
def person(name: str) -> Markup:
    """A colleague: initials and name."""
    return Markup(
        '<span class="person" title="{0}"><span class="initials is-small" aria-hidden="true">{1}'
        '</span><span class="cut">{0}</span></span>'
    ).format(name, initials(name))


@lru_cache(maxsize=64)
def nobody(said: str) -> Markup:
    """In place of a colleague: a dash, and words for those who do not see it."""
    return Markup('<span class="soft">–<span class="unseen">{}</span></span>').format(said)


@lru_cache(maxsize=64)
def soft(said: str) -> Markup:
    """A few words that matter less."""
    return Markup('<span class="soft">{}</span>').format(said)


def moment(viewer: Viewer, at: datetime | None, precision: str = "instant") -> Markup:
    """An instant as this viewer's clock shows it, with the exact one on hover."""
    if at is None:
        return soft(viewer.say("not known"))
    return _moment(at, viewer.exact(at, precision), viewer.short(at, precision))


@lru_cache(maxsize=8192)
def _moment(at: datetime, exact: str, short: str) -> Markup:
    return Markup(  # noqa: S704 (days, digits and zone names: nothing that anybody typed)
        f'<time datetime="{iso(at)}" title="{exact}">{short}</time>'
    )


def mailbox(email: str) -> Markup:
    """An email address that may break before its @, where it is longer than its line."""
    name, at, domain = email.rpartition("@")
    return Markup("{}<wbr>{}{}").format(name, at, domain)


def initials(name: str) -> str:
    """Two letters of a Latin name, the last two characters of a Chinese one."""
    words = name.split()
    if not words:
        return "?"
    if not words[0].isascii():
        return words[-1][-2:]
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()


MARKS = {
    "icon": icon, "tag": tag, "clock": clock, "pips": pips, "person": person, "moment": moment,
    "initials": initials, "mailbox": mailbox,
}  # fmt: skip
"""What every template may use, by name."""
