"""What was begun on this complaint and not sent: by me, and by others?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from recovery.vault import Words
from web.pages.reading import opened
from web.pages.viewer import Viewer
from web.pages.words import labeller
from web.workbench.drafts import FIELDS, Draft


class Begun(msgspec.Struct, frozen=True):
    """A colleague's draft in words."""

    name: str
    act: str
    words: str


def own(
    drafts: Iterable[Draft], papers: Mapping[str, bytes], viewer: Viewer
) -> dict[str, dict[str, str]]:
    """My drafts, latest first: by act, the field with its words."""
    me = viewer.session.user.id if viewer.session else ""
    return {
        draft.act: {FIELDS[draft.act]: words.text}
        for draft in drafts
        if draft.user == me and draft.act in FIELDS
        and (words := opened(papers, draft.paper, Words))
    }  # fmt: skip


def theirs(
    drafts: Iterable[Draft], papers: Mapping[str, bytes], people: Mapping[str, str], viewer: Viewer
) -> list[Begun]:
    """Those of colleagues."""
    me = viewer.session.user.id if viewer.session else ""
    label = labeller(viewer.language)
    return [
        Begun(people.get(f"user:{draft.user}", draft.user), label("act", draft.act), words.text)
        for draft in drafts
        if draft.user != me and (words := opened(papers, draft.paper, Words))
    ]
