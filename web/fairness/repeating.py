"""Does an audit that is run again say the same, byte for byte; and if not, why not?"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace

from projections import fairness_counts, fairness_names, rebuild
from projections.bulkfold import Progress
from recovery import auditrun
from web.fairness import running
from web.fairness.stored import Audit
from web.i18n import mark
from web.runtime import Runtime

Say = Callable[[str], str]

NEEDED = ("fairness", "clocks", "areas")
"""Projections whose rows an audit rests on."""


class Repeat(msgspec.Struct, frozen=True, kw_only=True):
    """What the same question gives now."""

    audit: str
    same: bool
    digest: str
    """Of the answer as it was given anew."""
    recorded: str
    code_then: str = ""
    code_now: str = ""
    """Where they differ, and the answers too."""
    later: int = 0
    """Events that were recorded since, where the answers differ."""


def why(found: Repeat, say: Say) -> list[str]:
    """What is not as it was then."""
    given = {"then": found.code_then, "now": found.code_now, "later": f"{found.later:,}"}
    sentences = []
    if found.code_now:
        sentences.append(mark("It was reckoned with %(then)s; today it is %(now)s."))
    if found.later:
        sentences.append(mark(
            "%(later)s events were recorded since, some of which tell of what had happened before."
        ))  # fmt: skip
    return [say(each) % given for each in sentences]


def repeat(desk: Runtime, found: Audit) -> Repeat:
    """Ask again of what is known today; the table of areas is the version that was used then."""
    with desk.database.engine.connect() as conn:
        digest = _digest(conn, desk, found, "read")
        later = running.position(conn) - found.ran.log_position
    return _told(found, digest, later)


def repeat_as_known(
    desk: Runtime, found: Audit, *, progress: Progress = lambda done, total: None
) -> Repeat:
    """Ask again of what was known then: folds the log up to the position of the audit."""
    position = found.ran.log_position
    with (
        rebuild.as_known(desk.engine, NEEDED, position, progress=progress) as schema,
        desk.database.engine.connect() as conn,
    ):
        digest = _digest(conn, desk, found, schema)
    return _told(found, digest, 0)


def _digest(conn: sa.Connection, desk: Runtime, found: Audit, schema: str) -> str:
    known = fairness_names.known(conn, pinned=found.ran.areas)
    asked = fairness_counts.resolve(found.question, known, schema)
    _, answer = running.reckon(conn, found.question, asked, desk.policies)
    return auditrun.digest(found.ran.question, msgspec.json.encode(answer).decode())


def _told(found: Audit, digest: str, later: int) -> Repeat:
    same, now = digest == found.ran.digest, running.code()
    told = Repeat(audit=found.id, same=same, digest=digest, recorded=found.ran.digest)
    if same:
        return told
    if now != found.ran.code:
        told = replace(told, code_then=found.ran.code, code_now=now)
    return replace(told, later=max(later, 0))
