"""How many SQL statements does a page take? The server's own log says so.

Begin, commit and rollback, and the looks at whether a connection still lives, are counted apart:
they ask no question.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import psycopg

from tests.benchmarks.ground import Ground
from tests.benchmarks.traffic import Client

_LINE = re.compile(r"^bench LOG:  (?:statement|execute [^:]*): ?(.*)$")
_BRACKETS = ("BEGIN", "COMMIT", "ROLLBACK")
_PINGS = ("", "SELECT 1")
SETTINGS = {"log_statement": "all", "log_line_prefix": "bench "}
PATIENCE = 5.0
FORGOTTEN_AFTER = 2.0
"""Seconds."""


class Counted(msgspec.Struct, frozen=True):
    """What one page asked of the database."""

    statements: list[str]
    """How each begins."""
    brackets: int
    pings: int


@contextmanager
def logging(ground: Ground) -> Iterator[None]:
    """Let the server write every statement to its log."""
    with psycopg.connect(ground.url, autocommit=True) as conn:
        for name, value in SETTINGS.items():
            conn.execute(f"alter system set {name} = '{value}'")
        conn.execute("select pg_reload_conf()")
    _wait_for_log(ground)
    try:
        yield
    finally:
        with psycopg.connect(ground.url, autocommit=True) as conn:
            for name in SETTINGS:
                conn.execute(f"alter system reset {name}")
            conn.execute("select pg_reload_conf()")


def count(ground: Ground, client: Client, path: str) -> Counted:
    """What a page asks; nobody else may talk to the server meanwhile.

    The page comes after a pause, so that it has to ask what a process remembers for a moment.
    """
    time.sleep(FORGOTTEN_AFTER)
    log = ground.server.folder / "log"
    start = log.stat().st_size
    client.get(path)
    with log.open("rb") as file:
        file.seek(start)
        lines = file.read().decode().splitlines()
    found = [match[1].strip() for line in lines if (match := _LINE.match(line))]
    brackets = [text for text in found if text.upper().startswith(_BRACKETS)]
    pings = [text for text in found if text in _PINGS]
    asked = [text[:100] for text in found if text not in _PINGS and text not in brackets]
    return Counted(asked, len(brackets), len(pings))


def _wait_for_log(ground: Ground) -> None:
    """Each server process takes the new settings between two of its statements."""
    log, until = ground.server.folder / "log", time.monotonic() + PATIENCE
    mark = "select 'the log is on'"
    with psycopg.connect(ground.url, autocommit=True) as conn:
        while mark not in log.read_text(errors="replace"):
            if time.monotonic() > until:
                raise RuntimeError(f"statements do not appear in {log}")
            conn.execute(mark)
            time.sleep(0.05)
