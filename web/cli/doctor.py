"""Is everything as it should be on this machine?"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from recovery.errors import RecoveryError
from web.cli.output import AsJson, as_json, say

if TYPE_CHECKING:
    from web.runtime import Runtime
    from web.settings import Settings

LEAST_FREE = 1_000_000_000
"""Bytes of disk below which we warn."""
MOST_SKEW = 2.0
"""Seconds that the database's clock and ours may differ."""
SEAL_LATE = 3_600
"""Seconds that an event may wait to be sealed."""
BACKUP_LATE = 8
"""Days without a backup from which on it is worth saying."""
BEHIND = 1_000
"""Events by which a projection may be behind before it is worth saying."""


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    name: str
    ok: bool
    found: str


def doctor(json: AsJson = False) -> None:
    """Look at everything the desk needs; exit 1 when something has to be mended."""
    findings = list(_examine())
    ok = all(finding.ok for finding in findings)
    if json:
        as_json({"ok": ok, "findings": findings})
    else:
        for finding in findings:
            say(f"{'ok  ' if finding.ok else 'MEND'}  {finding.name:<12} {finding.found}")
    if not ok:
        sys.exit(1)


def _examine() -> Iterator[Finding]:
    from web.runtime import Runtime
    from web.settings import load

    try:
        settings = load()
        yield Finding("settings", True, "understood")
        yield from _machine(settings)
        with Runtime.open(settings) as runtime:
            yield from _database(runtime)
            yield from _projections(runtime)
            yield _seal(runtime)
            yield _backup(runtime)
            yield from _people(runtime)
    except RecoveryError as error:
        yield Finding("start", False, str(error))


def _machine(settings: Settings) -> Iterator[Finding]:
    from web import assets

    built = assets.is_current()
    yield Finding("pages", built, "built" if built else "run: python -m web.assets")
    if settings.embedded:
        settings.data.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(settings.data).free
        yield Finding(
            "disk", free >= LEAST_FREE, f"{free / 1e9:.1f} GB free in {settings.data.resolve()}"
        )
    mail = "sent by a mail server" if settings.smtp_url else "caught, readable on a page"
    yield Finding("mail", True, mail)


def _database(runtime: Runtime) -> Iterator[Finding]:
    with runtime.database.connection() as conn:
        row = conn.execute("select current_setting('server_version'), clock_timestamp()").fetchone()
    assert row is not None
    where = "embedded" if runtime.server else "elsewhere"
    yield Finding(
        "database", True, f"PostgreSQL {row[0]}, {where}, {runtime.store.head():,} events"
    )
    skew = abs((datetime.now(UTC) - row[1]).total_seconds())
    yield Finding("time", skew <= MOST_SKEW, f"the database's clock differs by {skew:.1f} s")


def _projections(runtime: Runtime) -> Iterator[Finding]:
    from projections.health import health

    with runtime.database.engine.connect() as conn:
        places = health(conn)
    for place in places:
        if place.stopped_reason is not None:
            found = (
                f"stopped after {place.position:,} at {place.stopped_topic}: {place.stopped_reason}"
            )
        elif place.name in runtime.outdated:
            found = f"older than this software; run: recovery rebuild {place.name}"
        elif place.lag > BEHIND:
            found = f"{place.lag:,} events behind; is a worker running?"
        else:
            yield Finding(place.name, True, f"{place.lag:,} events behind")
            continue
        yield Finding(place.name, False, found)


def _seal(runtime: Runtime) -> Finding:
    from projections import seal

    with runtime.database.connection() as conn:
        last = seal.last_head(conn)
        sealed = last.size if last else 0
        row = conn.execute(
            "select clock_timestamp() - recorded_at from desk.events where notification_id = %s",
            (sealed + 1,),
        ).fetchone()
    unsealed = runtime.store.head() - sealed
    late = row is not None and row[0].total_seconds() > SEAL_LATE
    where = "" if runtime.settings.seal_folder else "; heads are kept here only"
    wrong = f"{unsealed:,} events are not sealed; is a worker running, and RECOVERY_SEAL_KEY set?"
    return Finding("seal", not late, wrong if late else f"{unsealed:,} events not sealed{where}")


def _backup(runtime: Runtime) -> Finding:
    """Whether one was made lately; a desk that is younger than that has time."""
    with runtime.database.connection() as conn:
        row = conn.execute(
            "select b.made_at, clock_timestamp() - coalesce(b.made_at, e.recorded_at)"
            " from (select max(made_at) made_at from desk.backups) b"
            " left join desk.events e on e.notification_id = 1"
        ).fetchone()
    assert row is not None
    made_at, since = row
    last = f"the last was made on {made_at:%Y-%m-%d}" if made_at else "none was made"
    if since is None or since.days < BACKUP_LATE:
        return Finding("backup", True, last)
    wrong = f"{last}, {since.days} days without one; run: recovery backup"
    return Finding("backup", False, wrong)


def _people(runtime: Runtime) -> Iterator[Finding]:
    people = runtime.accounts.users()
    who = f"{len(people)} may sign in" if people else "nobody yet; run: recovery user add"
    yield Finding("people", bool(people), who)
