"""Is the log sealed in time, and does every head leave the house?"""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from projections import seal
from recovery.database import Database
from recovery.errors import Invalid
from recovery.seal import NotSigned
from tests.cast import MINUTE, NINE
from tests.seal.test_seal import SIGNER, fill
from web.worker.handed import are_in, kept, mailed, outside
from web.worker.notary import Notary


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = NINE

    def __call__(self) -> datetime:
        return self.at


def notary(database: Database, watch: Watch, folder: Path | None = None) -> Notary:
    return Notary(database=database, signer=SIGNER, every=MINUTE, folder=folder, clock=watch)


def test_a_head_is_signed_at_its_rhythm_and_only_for_something_new(database: Database) -> None:
    watch, sizes = Watch(), []
    worker = notary(database, watch)
    for more, seconds in ((5, 0), (1, 59), (0, 1), (0, 120), (2, 1)):
        watch.at += timedelta(seconds=seconds)
        with database.connection() as conn:
            fill(conn, more)
        signed = worker.step()
        sizes.append(signed.size if signed else None)

    assert sizes == [5, None, 6, None, 8]


def test_every_head_is_written_to_the_folder_once_a_day_file(
    database: Database, tmp_path: Path
) -> None:
    watch, folder = Watch(), tmp_path / "outside"
    with database.connection() as conn:
        for _ in range(3):  # signed while there was no folder
            fill(conn, 1)
            seal.seal(conn, SIGNER, watch())
    worker = notary(database, watch, folder)
    worker.step()
    worker.step()
    with database.connection() as conn:
        fill(conn, 1)
        watch.at += timedelta(days=1)
        worker.step()
        heads = seal.heads(conn)

    assert list(kept(folder)) == heads
    assert [path.name for path in sorted(folder.iterdir())] == [
        "heads-2026-03-02.jsonl", "heads-2026-03-03.jsonl",
    ]  # fmt: skip


def test_a_saved_mail_tells_its_head_and_one_that_was_altered_none(tmp_path: Path) -> None:
    head = SIGNER.sign(1_234, b"r" * 32, NINE)
    message = EmailMessage()
    message.set_content(f"早上好。\n\n{head.note}\nNorthwind\n")
    (tmp_path / "monday.eml").write_bytes(message.as_bytes())

    assert are_in(tmp_path)
    assert outside(tmp_path, [SIGNER.key]) == [head]
    with pytest.raises(Invalid, match=r"monday\.eml was signed with another key"):
        list(mailed(tmp_path, []))

    message.set_content(head.note.replace("1234", "1233"))
    (tmp_path / "monday.eml").write_bytes(message.as_bytes())
    with pytest.raises(NotSigned):
        list(mailed(tmp_path, [SIGNER.key]))
