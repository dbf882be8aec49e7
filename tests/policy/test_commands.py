"""The commands for policies: check, test, try, list and adopt."""

from __future__ import annotations

import base64
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from recovery.policy.packs import pack_text
from tests.policy.given import HOUSE
from web.cli import main

Run = Callable[..., tuple[int, str, str]]
EXAMPLE = {
    "id": "FC01", "pack": "uk-fca-disp",
    "given": {"events": [{"type": "received", "at": "2026-04-02T10:00:00+01:00"}]},
    "expect": {"clocks": {"summary_resolution": {"due_on": "2026-04-09"}}},
}  # fmt: skip


@pytest.fixture
def recovery(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Run:
    """Run a command in a folder of its own; nothing says where a database would be."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["recovery", "policy", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfd.readouterr()
        return (ended.value.code if isinstance(ended.value.code, int) else 0), out, err

    return run


@pytest.fixture
def with_database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOVERY_DATABASE_URL", database_url)
    monkeypatch.setenv("RECOVERY_SECRET_KEY", "s" * 32)
    monkeypatch.setenv("RECOVERY_MASTER_KEY", base64.b64encode(b"m" * 32).decode())


def test_check_points_at_the_line_to_mend(recovery: Run, tmp_path: Path):
    (tmp_path / "good.toml").write_text(HOUSE)
    (tmp_path / "bad.toml").write_text(HOUSE.replace("5 business days", "5 bizdays", 1))

    code, out, _ = recovery("check", "good.toml", "bad.toml", "--json")

    good, bad = json.loads(out)
    assert (code, good["ok"], bad["ok"]) == (1, True, False)
    assert 'clock "explain": within = "5 bizdays": unknown unit' in bad["error"]
    assert (
        "5 bizdays" in HOUSE.replace("5 business days", "5 bizdays", 1).split("\n")[bad["line"] - 1]
    )


def test_check_refuses_a_file_that_is_not_there(recovery: Run):
    assert recovery("check", "nowhere.toml") == (
        1, "", "nowhere.toml cannot be read: No such file or directory.\n",
    )  # fmt: skip


def test_test_runs_the_examples_of_a_file(recovery: Run, tmp_path: Path):
    text = pack_text("us-cfpb")
    (tmp_path / "right.toml").write_text(text)
    (tmp_path / "wrong.toml").write_text(text.replace('within = "60 days"', 'within = "61 days"'))

    right, _, _ = recovery("test", "right.toml")
    wrong, out, _ = recovery("test", "wrong.toml", "--json")

    results = [json.loads(line) for line in out.splitlines()]
    assert (right, wrong) == (0, 1)
    assert {result["id"] for result in results if not result["ok"]} == {
        "us-cfpb/sixteenth-day", "us-cfpb/late-in-the-evening",
    }  # fmt: skip


def test_try_prints_one_line_for_each_example(recovery: Run, tmp_path: Path):
    wrong = {**EXAMPLE, "id": "FC02", "expect": {"version": "none"}}
    (tmp_path / "examples.json").write_text(json.dumps([EXAMPLE, wrong]))

    code, out, _ = recovery("try", "examples.json", "--json")

    assert code == 1
    assert [json.loads(line) for line in out.splitlines()] == [
        {"id": "FC01", "ok": True, "got": EXAMPLE["expect"], "expect": EXAMPLE["expect"]},
        {"id": "FC02", "ok": False, "got": {"version": "2018"}, "expect": {"version": "none"}},
    ]


def test_try_refuses_what_is_no_list_of_examples(recovery: Run, tmp_path: Path):
    (tmp_path / "examples.json").write_text('[{"id": "FC01"}]')

    code, out, err = recovery("try", "examples.json")

    assert (code, out) == (1, "")
    assert err.startswith("examples.json is no list of examples: ")


@pytest.mark.usefixtures("with_database")
def test_what_is_adopted_is_listed(recovery: Run):
    adopted, _, _ = recovery("adopt", "us-cfpb", "--reason", "We answer to the bureau.")
    again, _, err = recovery("adopt", "us-cfpb", "--reason", "Once more.")
    _, out, _ = recovery("list", "--json")

    found = {row["policy"]: row for row in json.loads(out)}
    assert (adopted, again, err) == (0, 1, "This policy is in force already, word for word.\n")
    assert (found["us-cfpb"]["state"], found["us-cfpb"]["reason"]) == (
        "in force", "We answer to the bureau.",
    )  # fmt: skip
    assert found["cn-samr-complaints"]["state"] == "not adopted"
    assert found["cn-samr-complaints"]["status"] == "unconfirmed"


SIX = ("poor_quality", "does_not_fit", "outside_control", "open_to_cheating", "costs_more",
       "no_risk_seen")  # fmt: skip


@pytest.mark.usefixtures("with_database")
def test_a_policy_with_guarantees_is_adopted_with_six_answers(recovery: Run, tmp_path: Path):
    (tmp_path / "some.toml").write_text('poor_quality = "We keep most."\n')
    (tmp_path / "all.toml").write_text("".join(f'{name} = "Yes."\n' for name in SIX))
    words = ("adopt", "uk-water-gss", "--reason", "It is the law.")

    refused = recovery(*words, "--answers", "some.toml")
    adopted = recovery(*words, "--answers", "all.toml")

    assert refused[0] == 1
    assert refused[2].startswith("does_not_fit: Does a guarantee fit what we stand for")
    assert adopted[0] == 0


@pytest.mark.usefixtures("with_database")
def test_who_adopts_is_a_supervisor_of_this_desk(
    recovery: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for person, role in (("ana", "agent"), ("sue", "supervisor")):
        monkeypatch.setattr(
            sys, "argv",
            ["recovery", "user", "add", f"{person}@desk.test", "--role", role, "--password-stdin"],
        )  # fmt: skip
        monkeypatch.setattr(sys, "stdin", io.StringIO("a long enough pass phrase\n"))
        with pytest.raises(SystemExit) as ended:
            main()
        assert not ended.value.code
    words = ("adopt", "us-cfpb", "--reason", "We answer to the bureau.", "--by")

    nobody, agent, supervisor = (
        recovery(*words, f"{name}@desk.test") for name in ("mallory", "ana", "sue")
    )
    _, out, _ = recovery("list", "--json")

    assert (nobody[0], nobody[2]) == (1, "Nobody here is 'mallory@desk.test'.\n")
    assert agent[0] == 1
    assert "may not do this: it takes a supervisor." in agent[2]
    assert supervisor[0] == 0
    by = next(row["by"] for row in json.loads(out) if row["policy"] == "us-cfpb")
    assert by.startswith("user:")
    assert "@" not in by
