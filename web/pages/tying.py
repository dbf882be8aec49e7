"""How does an agent tie a complaint to others, or make two of one?

Functions for `web.pages.acts`: each a form that was sent, and the command it asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recovery import reference as references
from recovery.errors import Invalid, NotFound
from recovery.events import LinkKind
from recovery.store import Done

if TYPE_CHECKING:
    from web.pages.acts import Call

LINKS: tuple[LinkKind, ...] = ("related", "repeat")
"""How two complaints may be linked by hand."""


def merge(call: Call) -> Done:
    return call.binder.merge(call.reference, into=_other(call), **call.asked)


def unmerge(call: Call) -> Done:
    return call.binder.unmerge(call.reference, **call.asked)


def link(call: Call) -> Done:
    kind: LinkKind = next((kind for kind in LINKS if kind == call.word("kind")), "related")
    return call.binder.link(call.reference, to=_other(call), kind=kind, **call.asked)


def unlink(call: Call) -> Done:
    return call.binder.unlink(call.reference, to=_other(call), **call.asked)


def split(call: Call) -> Done:
    return call.binder.split(
        call.reference, description=call.word("description"), subject=call.word("subject"),
        category=call.word("category"), **call.asked,
    )  # fmt: skip


def _other(call: Call) -> str:
    """The reference that was typed; raises Invalid beside its field."""
    typed = call.word("complaint")
    if not typed.strip():
        raise Invalid("Give the reference of the other complaint.", field="complaint")
    try:
        found = references.parse(typed)
    except Invalid as wrong:
        raise Invalid(str(wrong), field="complaint") from None
    if found in call.viewer.hidden:
        raise NotFound(f"There is no complaint {references.show(found)}.")
    return found
