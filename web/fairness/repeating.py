"""Does an audit that is run again say the same, byte for byte; and if not, why not?"""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from projections import fairness_counts, fairness_names, rebuild
from projections.rebuild import Progress
from recovery import auditrun
from web.fairness import running
from web.fairness.stored import Audit
from web.runtime import Runtime

NEEDED = ("fairness", "clocks", "areas")
"""Projections whose rows an audit rests on."""


class Repeat(msgspec.Struct, frozen=True, kw_only=True):
    """What the same question gives now."""

    audit: str
    same: bool
    digest: str
    """Of the answer as it was given anew."""
    recorded: str
    differs: tuple[str, ...] = ()
    """What is not as it was then: sentences."""


def repeat(desk: Runtime, found: Audit) -> Repeat:
    """Ask again of what is known today; the table of areas is the version that was used then."""
    with desk.database.engine.connect() as conn:
        digest = _digest(conn, desk, found, "read")
        differs = () if digest == found.ran.digest else _changed(conn, found)
    return _told(found, digest, differs)


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
    return _told(found, digest, () if digest == found.ran.digest else _programs(found))


def _digest(conn: sa.Connection, desk: Runtime, found: Audit, schema: str) -> str:
    known = fairness_names.known(conn, pinned=found.ran.areas)
    asked = fairness_counts.resolve(found.question, known, schema)
    _, answer = running.reckon(conn, found.question, asked, desk.policies)
    return auditrun.digest(found.ran.question, msgspec.json.encode(answer).decode())


def _told(found: Audit, digest: str, differs: tuple[str, ...]) -> Repeat:
    return Repeat(
        audit=found.id, same=digest == found.ran.digest, digest=digest, recorded=found.ran.digest,
        differs=differs,
    )  # fmt: skip


def _programs(found: Audit) -> tuple[str, ...]:
    now = running.code()
    if now == found.ran.code:
        return ()
    return (f"It was reckoned with {found.ran.code}; today it is {now}.",)


def _changed(conn: sa.Connection, found: Audit) -> tuple[str, ...]:
    later = running.position(conn) - found.ran.log_position
    log = (
        f"{later:,} events were recorded since (after position {found.ran.log_position:,}), some of"
        " which tell of what had happened before.",
    )  # fmt: skip
    return (*_programs(found), *(log if later > 0 else ()))
