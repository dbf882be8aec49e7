"""Does whoever changes the log, with every right on the database, get caught, and where?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from projections import seal, sealcheck
from projections.sealcheck import Kind, Offence
from recovery import seal as seals
from recovery.database import Database
from recovery.seal import Signer
from tests.cast import NINE
from tests.seal.test_seal import SIGNER, fill

MINE = {SIGNER.key}
SHIFT = "update desk.events set notification_id = -notification_id where notification_id {0};"
BACK = "update desk.events set notification_id = -notification_id {0} where notification_id < 0;"
TAMPERED: dict[str, tuple[str, Kind, int]] = {
    "a byte flipped": (
        "update desk.events set state = set_byte(state, 0, get_byte(state, 0) # 1)"
        " where notification_id = 12",
        "changed", 12,
    ),
    "an instant moved": (
        "update desk.events set recorded_at = recorded_at + interval '1 microsecond'"
        " where notification_id = 20",
        "changed", 20,
    ),
    "an event deleted": ("delete from desk.events where notification_id = 9", "removed", 9),
    "the first deleted": ("delete from desk.events where notification_id = 1", "removed", 1),
    "an event deleted and the gap closed": (
        "delete from desk.events where notification_id = 9;"
        + SHIFT.format("> 9") + BACK.format("- 1"),
        "removed", 9,
    ),
    "an event put between": (
        SHIFT.format(">= 17") + BACK.format("+ 1")
        + "insert into desk.events values (17, 'forged-1', 1, 'x', 'x', now())",
        "inserted", 17,
    ),
    "an event put before all": (
        "insert into desk.events values (-3, 'forged-1', 1, 'x', 'x', now())", "inserted", -3,
    ),
    "two exchanged": (
        "update desk.events set notification_id = 0 where notification_id = 14;"
        "update desk.events set notification_id = 14 where notification_id = 23;"
        "update desk.events set notification_id = 23 where notification_id = 0",
        "reordered", 14,
    ),
    "cut off": ("delete from desk.events where notification_id > 21", "truncated", 22),
    "cut off within a head": (
        "delete from desk.events where notification_id between 22 and 31", "removed", 22,
    ),
    "all gone": ("truncate desk.events", "truncated", 1),
    "the tail without its middle": (
        "delete from desk.events where notification_id = 33", "removed", 33,
    ),
}  # fmt: skip


@pytest.fixture
def sealed(database: Database) -> Iterator[psycopg.Connection[Any]]:
    """Thirty events under three heads, and four that are not sealed yet."""
    with database.dedicated() as conn:
        for more in (8, 11, 11):
            fill(conn, more)
            seal.seal(conn, SIGNER, NINE)
        fill(conn, 4)
        yield conn


def test_a_log_that_nobody_touched_is_what_was_sealed(sealed: psycopg.Connection[Any]) -> None:
    seen: list[tuple[int, int]] = []

    found = sealcheck.check(sealed, MINE, progress=lambda *done: seen.append(done))

    assert found == sealcheck.Checked(events=34, sealed=30, heads=3)
    assert seen[-1] == (34, 34)


@pytest.mark.parametrize("how", TAMPERED)
def test_the_first_event_that_is_not_as_sealed_is_named(
    sealed: psycopg.Connection[Any], how: str
) -> None:
    done, kind, position = TAMPERED[how]
    for statement in done.split(";"):
        if statement:
            sealed.execute(statement)

    offence = sealcheck.check(sealed, MINE).offence

    assert offence
    assert (offence.kind, offence.position) == (kind, position), offence.says
    assert str(position) in offence.says


def test_who_changes_the_kept_hashes_too_is_caught_by_the_head(
    sealed: psycopg.Connection[Any],
) -> None:
    sealed.execute("update desk.events set state = 'y' where notification_id = 12")
    sealed.execute("update desk.seal_tiles set hashes = set_byte(hashes, 11 * 32, 7)")

    offence = sealcheck.check(sealed, MINE).offence

    assert offence
    assert (offence.kind, offence.position) == ("somewhere", 9)
    assert "from position 9 to 19" in offence.says


def test_who_signs_anew_with_a_key_of_their_own_is_caught(sealed: psycopg.Connection[Any]) -> None:
    forged = Signer(b"o" * 32).sign(30, b"r" * 32, NINE)
    sealed.execute(
        "update desk.seal_heads set root = %s, key = %s, note = %s where size = 30",
        (forged.root, forged.key, forged.note),
    )

    assert _offence(sealed) == ("head", 30)


def test_a_head_that_says_something_else_than_its_note_is_caught(
    sealed: psycopg.Connection[Any],
) -> None:
    sealed.execute("update desk.seal_heads set root = decode(repeat('00', 32), 'hex')")

    assert _offence(sealed) == ("head", 8)


def test_a_head_kept_elsewhere_still_holds_when_the_list_was_rewritten(
    sealed: psycopg.Connection[Any],
) -> None:
    kept = seal.heads(sealed)
    for table in ("seal_tiles", "seal_heads"):
        sealed.execute(f"truncate desk.{table}")
    sealed.execute("update desk.events set state = 'y' where notification_id = 12")
    seal.seal(sealed, SIGNER, NINE)

    assert sealcheck.check(sealed, MINE).offence is None
    offence = sealcheck.check(sealed, MINE, elsewhere=kept).offence
    assert offence
    assert (offence.kind, offence.position) == ("somewhere", 9)


def test_each_head_is_read_from_its_note(sealed: psycopg.Connection[Any]) -> None:
    assert [seals.read(h.note, SIGNER.key) for h in seal.heads(sealed)] == seal.heads(sealed)


def _offence(conn: psycopg.Connection[Any]) -> tuple[str, int]:
    offence: Offence | None = sealcheck.check(conn, MINE).offence
    assert offence
    return offence.kind, offence.position
