"""Who looked at which complaint, list or export? Written down after the page was sent.

A request whose trace comes while others are being written leaves it to whoever is writing: never
more than one statement for a page, and fewer on a busy desk. What somebody has looked at within the
minute is not written again.
"""

from __future__ import annotations

import logging
import re
import threading
from datetime import datetime
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from recovery import readings
from recovery.database import Database
from recovery.errors import Invalid, StoreUnavailable
from recovery.readings import Kind, Reading
from recovery.reference import parse
from web.deps import now

log = logging.getLogger("recovery.readings")
MOST_WAITING = 20_000
"""Traces that are kept while the database does not answer."""
KINDS: dict[Kind, re.Pattern[str]] = {
    "file": re.compile(r"/complaints/[^/]+/(files/.+|mail/[^/]+/original)"),
    "past": re.compile(r"/complaints/[^/]+/past"),
    "proof": re.compile(r"/complaints/[^/]+/bundle\.json"),
    "export": re.compile(
        r".+\.(csv|pdf|xlsx|zip)|/audits/[^/]+/result\.json|/quality/[^/]+/results\.json"
        r"|/reports/outcomes\.json"
        r"|/paying/batches/.+/files/.+"
    ),
    "list": re.compile(
        r"/paying/ledger/payouts|/audits/[^/]+/complaints|/queue/past|/api/v1/(queue|payouts)"
        r"|/complaints/callers|/quality/[^/]+/\d+|(/api/v1)?/people/[^/]+"
    ),
    "mail": re.compile(r"/mail/waiting/[^/]+(/html)?"),
    "letter": re.compile(r"/mail/(?!waiting|outbox|templates|machines|addresses)[^/]+(/html)?"),
}
"""What is looked at where, besides the pages of a complaint."""
UNTRACED = re.compile(r".+/(live|presence)")
"""What a page that is open asks by itself."""


class Traces:
    """The traces of one process, on their way to the table."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._mutex = threading.Lock()
        self._writing = threading.Lock()
        self._waiting: list[Reading] = []
        self._seen: set[Reading] = set()
        self._minute: datetime | None = None

    def note(self, found: Reading) -> bool:
        """Take a trace; False where there is one of this minute."""
        minute = found.at.replace(second=0, microsecond=0)
        same = Reading(minute, found.by, found.kind, found.complaint, found.what)
        with self._mutex:
            if minute != self._minute:
                self._minute, self._seen = minute, set()
            if same in self._seen or len(self._waiting) >= MOST_WAITING:
                return False
            self._seen.add(same)
            self._waiting.append(same)
        return True

    def write(self) -> None:
        """Write what waits, unless somebody is writing: they look again before they go."""
        while self._waiting and self._writing.acquire(blocking=False):
            try:
                with self._mutex:
                    some, self._waiting = self._waiting, []
                self._add(some)
            except StoreUnavailable as error:
                log.warning("traces of reading wait for the database: %s", error)
                with self._mutex:
                    self._waiting = [*some, *self._waiting]
                return
            finally:
                self._writing.release()

    def _add(self, some: list[Reading]) -> None:
        with self._database.connection() as conn:
            readings.add(conn, some)


class Traced:
    """ASGI middleware that notes who was shown something."""

    def __init__(self, app: ASGIApp, *, traces: Traces) -> None:
        self._app = app
        self._traces = traces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        await self._app(scope, receive, noted)
        if status != 200 or scope["type"] != "http":
            return
        by = scope.get("state", {}).get("reader")
        found = reading(scope, by, now()) if by else None
        if found and self._traces.note(found):
            await run_in_threadpool(self._traces.write)


def reading(scope: Scope, by: str, at: datetime) -> Reading | None:
    """What was looked at; None where it is nothing that leaves a trace."""
    path: str = scope["path"]
    kind = kind_of(path, scope.get("path_params", {}))
    looks = scope["method"] == "GET" or (kind == "list" and path.endswith("/complaints"))
    if kind is None or not looks:
        return None
    given: Any = scope.get("path_params", {}).get("reference")
    if given is None:
        return Reading(at, by, kind, what=path)
    try:
        return Reading(at, by, kind, parse(str(given)), "api" if path.startswith("/api/") else "")
    except Invalid:
        return None


def kind_of(path: str, params: dict[str, Any]) -> Kind | None:
    """Which kind of trace an address leaves, if any."""
    if UNTRACED.fullmatch(path):
        return None
    found = next((kind for kind, pattern in KINDS.items() if pattern.fullmatch(path)), None)
    return found or ("complaint" if "reference" in params else None)
