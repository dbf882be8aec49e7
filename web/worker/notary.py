"""When is the log sealed, and how do its heads get out of the house?

A head that nobody outside has seen can be signed anew by whoever holds the key; so each is also
written to a folder, best one that the desk cannot change later.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import psycopg

from projections import seal
from recovery.database import Database
from recovery.seal import Head, Signer
from web import keys

if TYPE_CHECKING:
    from web.runtime import Runtime

LOOK = 5.0
"""Seconds between two looks, where heads are not signed more often."""
AT_ONCE = 1_000
"""Heads handed out in one go."""


class Notary:
    """Signs a head at a set rhythm and hands it out; any number may run at once."""

    def __init__(
        self, *, database: Database, signer: Signer, every: timedelta, folder: Path | None,
        clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._database = database
        self._signer = signer
        self._every = every
        self._folder = folder
        self._clock = clock

    @classmethod
    def of(cls, runtime: Runtime, *, clock: Callable[[], datetime]) -> Notary:
        """As the settings say; raises SettingsError where the key is needed and not given."""
        settings = runtime.settings
        return cls(
            database=runtime.database, signer=Signer(keys.seal_key(settings)),
            every=timedelta(seconds=settings.seal_every), folder=settings.seal_folder, clock=clock,
        )  # fmt: skip

    def follow(self, stopping: threading.Event) -> None:
        """Seal until told to stop; raises Gap where the log lacks an event."""
        while True:
            self.step()
            if stopping.wait(min(LOOK, self._every.total_seconds())):
                return

    def step(self) -> Head | None:
        """Sign a head if it is time and there is something new; hand out what has not been."""
        with self._database.connection() as conn:
            signed = seal.seal(conn, self._signer, self._clock()) if self._is_time(conn) else None
            if self._folder:
                hand_out(conn, self._folder, self._clock())
        return signed

    def _is_time(self, conn: psycopg.Connection[Any]) -> bool:
        last = seal.last_head(conn)
        return last is None or self._clock() >= last.signed_at + self._every


def hand_out(conn: psycopg.Connection[Any], folder: Path, now: datetime) -> int:
    """Append the heads that were not handed out to the day's file; returns how many.

    Killed in between, a head is written twice, which harms nobody.
    """
    found = seal.to_hand_out(conn, limit=AT_ONCE)
    if found:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"heads-{now:%Y-%m-%d}.jsonl"
        with path.open("ab") as file:
            file.writelines(msgspec.json.encode(head) + b"\n" for head in found)
            file.flush()
            os.fsync(file.fileno())
        seal.handed_out(conn, found, now)
    return len(found)
