"""Which files come with a message or go along with a letter, and can a mail server take them?"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from recovery.errors import Invalid

MOST = 10
"""Files of one letter."""
LARGEST = 15_000_000
"""Bytes of all of them together: in a mail they grow by a third, and many servers stop at 25 MB."""
REFUSED_BY_MAIL = frozenset({"executable", "script"})
"""Risks for which mail servers throw a whole letter away."""


class NewFile(msgspec.Struct, frozen=True):
    """A file as it comes in; `type` is by its content."""

    name: str
    type: str
    content: bytes
    risks: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"NewFile({self.type}, {len(self.content)} bytes)"


def sendable(files: Sequence[NewFile]) -> tuple[NewFile, ...]:
    """The files of one letter; raises Invalid for what mail servers would not take."""
    if len(files) > MOST:
        raise Invalid("Send at most ten files at once.", field="files")
    if sum(len(file.content) for file in files) > LARGEST:
        raise Invalid(
            "These files are larger than 15 MB together, and mail servers refuse that. "
            "Send fewer, or smaller ones.",
            field="files",
        )
    for file in files:
        if REFUSED_BY_MAIL & set(file.risks):
            raise Invalid(
                "Mail servers throw away letters with programs in them. Leave that file out.",
                field="files",
            )
    return tuple(files)
