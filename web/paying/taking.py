"""What do files and messages of banks change, on this desk?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from projections import payments
from recovery.database import Database
from recovery.paying.answering import Answering, Heard, Instructed
from recovery.paying.matching import Known
from recovery.paying.records import Result, Statement
from recovery.store import Store
from recovery.vault import Vault
from web.paying import statements

if TYPE_CHECKING:
    from web.runtime import Runtime

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def answering(store: Store, vault: Vault) -> Answering:
    """What takes answers in, knowing the payments of this desk."""

    def lookup(ids: frozenset[str]) -> Mapping[str, Instructed]:
        return _instructed(store.database, ids)

    return Answering(store, vault, lookup)


def read(desk: Runtime, path: Path, *, by: str, at: datetime) -> Heard:
    """Take a file in; raises Invalid with the reason where it is refused as a whole."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return desk.answering.take(statements.read(path), digest=digest, by=by, at=at)


def hear(desk: Runtime, result: Result, *, at: datetime) -> Heard:
    """Take one message of a program in."""
    said = Statement(form="message", id=result.source, lines=(result,))
    return desk.answering.take(said, digest="", by="system:webhook", at=at)


def _instructed(database: Database, ids: frozenset[str]) -> Mapping[str, Instructed]:
    with database.engine.connect() as conn:
        found = payments.under(conn, ids)
    return {
        payment: Instructed(
            Known(row.money, row.state, row.instructed_at or LONG_AGO), row.payout, row.complaint
        )
        for payment, row in found.items()
    }
