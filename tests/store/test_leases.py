"""Does one piece of work have one holder?"""

from __future__ import annotations

from datetime import timedelta

from recovery.database import Database
from recovery.leases import claim, release

LONG, OVER = timedelta(hours=1), timedelta(0)


def test_work_that_somebody_has_is_not_given_again(database: Database) -> None:
    with database.connection() as conn:
        assert claim(conn, task="letter", holder="ana", time=LONG)
        assert not claim(conn, task="letter", holder="bo", time=LONG)
        assert claim(conn, task="another letter", holder="bo", time=LONG)


def test_work_that_was_given_back_is_free(database: Database) -> None:
    with database.connection() as conn:
        claim(conn, task="letter", holder="ana", time=LONG)
        release(conn, task="letter", holder="ana")

        assert claim(conn, task="letter", holder="bo", time=LONG)


def test_a_lease_that_ran_out_goes_to_whoever_asks_and_cannot_be_given_back(
    database: Database,
) -> None:
    with database.connection() as conn:
        claim(conn, task="letter", holder="ana", time=OVER)
        assert claim(conn, task="letter", holder="bo", time=LONG)

        release(conn, task="letter", holder="ana")

        assert not claim(conn, task="letter", holder="sue", time=LONG)
