"""What do the commands on money say, to a person and to a script?"""

from __future__ import annotations

import json

import psycopg

from tests.commands import Recovery


def test_a_desk_that_holds_is_said_to(recovery: Recovery) -> None:
    recovery("demo", "--complaints", "5", "--seed", "7", "--until", "2026-03-02")

    code, told, _ = recovery("verify")
    _, found, _ = recovery("verify", "--json")

    assert code == 0
    assert "the ledger of payouts balances" in told
    assert json.loads(found)["holds"] is True
    assert "ledger" in {each["name"] for each in json.loads(found)["projections"]}


def test_a_row_that_does_not_follow_from_the_log_is_exit_1(
    recovery: Recovery, database_url: str
) -> None:
    recovery("demo", "--complaints", "5", "--seed", "7", "--until", "2026-03-02")
    with psycopg.connect(database_url) as conn:
        conn.execute("update read.entitlements set complainant = 'somebody else'")

    code, told, _ = recovery("verify")

    assert code == 1
    assert told.startswith("entitlements: rows do not follow from the log (")


def test_the_report_of_a_desk_that_owes_nothing(recovery: Recovery) -> None:
    assert "No guarantee has owed anybody anything yet." in recovery("audit", "payouts")[1]
    assert json.loads(recovery("audit", "payouts", "--json")[1])["lines"] == []
