"""Which heads of the seal does somebody have outside the desk?

In the folder they were handed to, a line each, or in daily mails that were saved there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import msgspec

from recovery.errors import Invalid
from recovery.seal import Head, name_of, read

_LINES, _MAILS = "heads-*.jsonl", "*.eml"
_NOTE = re.compile(r"^(recovery-[0-9a-f]{16})\n\d+\n\S+\n\S+Z\n\n\N{EM DASH} \1 \S+$", re.MULTILINE)


def outside(folder: Path | None, keys: Collection[bytes]) -> list[Head]:
    """All of them, in lines and in mails; raises Invalid and NotSigned for a mail that is wrong."""
    return [*kept(folder), *mailed(folder, keys)] if folder else []


def are_in(folder: Path | None) -> bool:
    """Whether there is one."""
    return folder is not None and any(
        found for pattern in (_LINES, _MAILS) for found in folder.glob(pattern)
    )


def kept(folder: Path) -> Iterator[Head]:
    """Every head that was handed to the folder."""
    for path in sorted(folder.glob(_LINES)):
        for line in path.read_bytes().splitlines():
            yield msgspec.json.decode(line, type=Head)


def mailed(folder: Path, keys: Collection[bytes]) -> Iterator[Head]:
    """The head of each saved mail (`*.eml`) in it.

    Raises Invalid where none of the keys signed one, NotSigned where it is not what was signed.
    """
    known = {name_of(key): key for key in keys}
    for path in sorted(folder.glob(_MAILS)):
        for found in _NOTE.finditer(_text(path.read_bytes())):
            key = known.get(found[1])
            if key is None:
                raise Invalid(f"The head in {path.name} was signed with another key, {found[1]}.")
            yield read(f"{found[0]}\n", key)


def _text(mail: bytes) -> str:
    body = message_from_bytes(mail, policy=default).get_body(("plain",))
    return body.get_content().replace("\r\n", "\n") if body else ""
