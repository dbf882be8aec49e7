"""Does each command do what it says, and say in a sentence when it cannot?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from recovery.database import Database
from recovery.store import Store
from tests.commands import Recovery

CSV = """Ticket,Received,Description,Email
1,2026-03-02T09:00:00Z,No heating,lee@example.org
2,2026-03-03T09:00:00Z,No light,may@example.org
3,not a date,No idea,joe@example.org
"""


@pytest.fixture
def ada(recovery: Recovery) -> Any:
    """The first person of the desk."""
    ran = recovery(
        "user", "add", "ada@desk.test", "--role", "administrator", "--password-stdin", "--json",
        given="put right what went wrong\n",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    return ran.result


# ---------------------------------------------------------------- people and programs


def test_a_person_is_added(ada: Any) -> None:
    assert (ada["email"], ada["role"], ada["name"]) == ("ada@desk.test", "administrator", "ada")
    assert "password" not in str(ada)


def test_a_token_is_made_and_ended(recovery: Recovery, ada: Any) -> None:
    made = recovery(
        "token", "add", "nightly", "--scope", "complaints:read", "--user", ada["email"], "--json"
    )
    ended = recovery("token", "revoke", "nightly")

    assert made.result["token"].startswith("rcv_")
    assert ended.code == 0
    assert recovery("token", "revoke", "nightly").err == (
        "There is no token named nightly in use.\n"
    )


def test_a_token_acts_for_who_may_most_unless_said(recovery: Recovery, ada: Any) -> None:
    recovery(
        "user", "add", "ana@desk.test", "--role", "agent", "--password-stdin",
        given="put right what went wrong\n",
    )  # fmt: skip

    made = recovery("token", "add", "nightly", "--scope", "complaints:read")

    assert made.out.startswith("rcv_")
    assert made.err == "It acts for ada (ada@desk.test).\n"


@pytest.mark.parametrize(("option", "value"), [("--role", "boss"), ("--language", "fr")])
def test_what_nobody_can_be_is_a_usage_error(recovery: Recovery, option: str, value: str) -> None:
    ran = recovery("user", "add", "b@d.org", "--role", "agent", option, value, "--password-stdin")

    assert ran.code == 2
    assert option in ran.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("user", "add", "bo", "--role", "agent", "--password-stdin"), "is not an email address"),
        (("token", "add", "t", "--scope", "admin", "--user", "nobody"), "Nobody here is"),
        (("import", "nowhere.csv", "--mapping", "cfpb"), "nowhere.csv"),
        (("import", "nowhere.csv", "--mapping", "nothing"), "nothing"),
        (("retention", "preview", "nowhere.toml"), "nowhere.toml cannot be read"),
        (("verify", "--bundle", "nowhere.json"), "nowhere.json: No such file or directory."),
        (("backup", "new", "--after", "nowhere"), "nowhere"),
        (("forget", "nobody@example.org", "--reason", "asked"), "Nobody was found."),
        (("forget", "0" * 32, "--reason", "asked"), "We know nobody by this id."),
        (("work", "--only", "projections,tea"), "There is no loop 'tea' (there are: projections"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_1(
    recovery: Recovery, arguments: tuple[str, ...], sentence: str
) -> None:
    ran = recovery(*arguments, given="put right what went wrong\n")

    assert ran.code == 1
    assert sentence in ran.err
    assert ran.err.count("\n") == 1
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    "arguments",
    [("frobnicate",), ("serve", "--port", "99999"), ("rebuild", "nothing"), ("import", "x.csv"),
     ("demo", "--complaints", "0")],
)  # fmt: skip
def test_wrong_usage_is_exit_2(recovery: Recovery, arguments: tuple[str, ...]) -> None:
    assert recovery(*arguments).code == 2


def test_a_wrong_setting_stops_every_command(
    recovery: Recovery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECOVERY_COLOUR", "blue")

    for command in (("demo",), ("work",), ("serve",), ("rebuild",)):
        ran = recovery(*command)
        assert (ran.code, ran.err.partition(".")[0]) == (1, "RECOVERY_COLOUR is not a setting")


def test_a_database_that_is_not_there_is_said_so(
    recovery: Recovery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECOVERY_DATABASE_URL", "postgresql://127.0.0.1:1/nothing")
    monkeypatch.setattr("recovery.database.RECONNECT", 0.2)  # how long it is tried

    ran = recovery("rebuild")

    assert ran.code == 1
    assert ran.err.startswith("The database cannot be reached")


# ---------------------------------------------------------------- complaints in bulk


def test_the_demonstration_is_told_once_and_its_people_may_sign_in(
    recovery: Recovery, database: Database
) -> None:
    until = ("--until", "2026-03-02")
    first = recovery("demo", "--complaints", "30", "--seed", "7", *until, "--json")
    again = recovery("demo", "--complaints", "30", "--seed", "7", *until)

    assert first.result["added"] == 30
    assert "0 complaints told" in again.out
    assert "ana@example.org" in again.out
    password = again.out.rpartition("password")[2].strip()
    assert password == Path("data/demo.password").read_text().strip()


def test_a_desk_that_is_not_empty_gets_no_demonstration(
    recovery: Recovery, database: Database
) -> None:
    recovery("demo", "--complaints", "5", "--seed", "1")
    before = Store(database).head()

    assert recovery("demo", "--complaints", "9", "--seed", "2", "--if-empty", "--json").code == 0
    assert Store(database).head() == before


def test_each_row_of_an_import_is_accounted_for(recovery: Recovery, tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_text(CSV)
    arguments = ("import", "old.csv", "--mapping", "generic", "--json")

    dry = recovery(*arguments, "--dry-run").result
    first = recovery(*arguments).result
    again = recovery(*arguments).result

    for report in (dry, first, again):
        accounted = report["imported"] + report["already_there"] + len(report["refused"])
        assert report["read"] == accounted == 3
    assert dry["imported"] == first["imported"] > 0
    assert again["imported"] == 0
    assert first["refused"][0]["row"] == 4


def test_an_import_can_be_read_by_people_too(recovery: Recovery, tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_text(CSV)

    ran = recovery("import", "old.csv", "--mapping", "generic")

    assert "2  imported" in ran.out
    assert "row 4 refused: 'not a date'" in ran.out


def test_what_was_loaded_is_in_the_rows_and_follows_from_the_log(recovery: Recovery) -> None:
    recovery("demo", "--complaints", "20")

    ran = recovery("rebuild", "--check", "--json")

    assert ran.result["identical"] is True
    rows = {each["name"]: each["live_rows"] for each in ran.result["projections"]}
    assert rows["queue"] == 20


def test_a_row_that_does_not_follow_from_the_log_is_found_and_mended(
    recovery: Recovery, database: Database
) -> None:
    recovery("demo", "--complaints", "20")
    with database.connection() as conn:
        conn.execute(
            "update read.queue set stage = 'lost'"
            " where reference = (select min(reference) from read.queue)"
        )

    found = recovery("rebuild", "--check")
    mended = recovery("rebuild", "queue")

    assert found.code == 1
    assert "DIFFERENT" in found.out
    assert mended.code == 0
    assert recovery("rebuild", "--check").code == 0


# ---------------------------------------------------------------- the doctor


def test_the_doctor_finds_a_desk_without_people_and_says_what_to_do(recovery: Recovery) -> None:
    ran = recovery("doctor", "--json")

    findings = {each["name"]: each for each in ran.result["findings"]}
    assert ran.code == 1
    assert not findings["people"]["ok"]
    assert findings["people"]["found"].endswith("run: recovery user add")
    assert findings["database"]["ok"]


def test_the_doctor_misses_a_backup_after_a_week(
    recovery: Recovery, ada: Any, database: Database
) -> None:
    with database.connection() as conn:
        conn.execute(
            "insert into desk.backups (backup, made_at, position, rows, size)"
            " values ('b', clock_timestamp() - interval '10 days', 1, 1, 1)"
        )

    late = {each["name"]: each for each in recovery("doctor", "--json").result["findings"]}
    with database.connection() as conn:
        conn.execute("update desk.backups set made_at = clock_timestamp()")
    made = {each["name"]: each for each in recovery("doctor", "--json").result["findings"]}

    assert not late["backup"]["ok"]
    assert late["backup"]["found"].endswith("10 days without one; run: recovery backup")
    assert made["backup"]["ok"]


def test_the_doctor_names_a_projection_that_stopped(
    recovery: Recovery, ada: Any, database: Database
) -> None:
    with database.connection() as conn:
        conn.execute(
            "update read.projections set stopped_reason = 'no such stage' where name = 'queue'"
        )

    ran = recovery("doctor")

    assert ran.code == 1
    assert any("queue" in line and "no such stage" in line for line in ran.out.splitlines())
