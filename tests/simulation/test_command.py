"""`recovery policy simulate`: does it print what a trial finds?"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from recovery.policy.adopt import house_policy
from tests.templates import STORIES
from web.cli import main

STRICT = house_policy().replace('within = "5 business days"', 'within = "1 business day"')
DAYS = ("--from", "2025-12-01", "--to", "2026-02-28")
Recovery = Callable[..., tuple[int, str, str]]


@pytest.fixture
def recovery(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Recovery:  # fmt: skip
    """Runs a command as the shell would."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RECOVERY_DATABASE_URL", database_url)
    monkeypatch.setenv("RECOVERY_SECRET_KEY", "s" * 32)
    monkeypatch.setenv("RECOVERY_MASTER_KEY", base64.b64encode(b"m" * 32).decode())
    (tmp_path / "strict.toml").write_text(STRICT)
    (tmp_path / "wrong.toml").write_text(STRICT.replace("received", "recieved"))

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["recovery", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfd.readouterr()
        return int(ended.value.code or 0), out, err

    return run


def test_the_effect_is_printed_for_people_and_for_programs(told: None, recovery: Recovery) -> None:
    code, out, _ = recovery("policy", "simulate", "strict.toml", *DAYS)
    again, as_json, _ = recovery("policy", "simulate", "strict.toml", *DAYS, "--json")

    found = json.loads(as_json)
    [explain] = [
        e for e in found["outcome"]["effects"] if (e["by"], e["clock"]) == ("all", "explain")
    ]
    assert (code, again) == (0, 0)
    assert (found["policy"], found["from"], found["to"]) == ("house", "2025-12-01", "2026-02-28")
    assert explain["worse"] > 0 == explain["better"]
    complaints = found["outcome"]["complaints"]
    assert 0 < complaints < STORIES
    assert f"{complaints} complaints received from 2025-12-01 to 2026-02-28" in out
    assert f"{explain['before']['met']} → {explain['after']['met']}" in out
    assert "kept → missed" in out


def test_a_policy_that_comes_along_is_tried_by_its_id_on_every_complaint(
    told: None, recovery: Recovery
) -> None:
    _, out, _ = recovery("policy", "simulate", "us-cfpb", *DAYS, "--json")

    assert json.loads(out)["outcome"]["complaints"] > 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("wrong.toml", *DAYS), 'did you mean "received"?'),
        (("nothing.toml", *DAYS), "cannot be read"),
        (("strict.toml", "--from", "soon"), "This is not a day"),
        (("strict.toml", "--from", "2026-03-01", "--to", "2026-02-01"), "before the first one"),
    ],
)
def test_what_cannot_be_tried_is_said_in_a_sentence(
    recovery: Recovery, arguments: tuple[str, ...], sentence: str
) -> None:
    code, out, err = recovery("policy", "simulate", *arguments)

    assert (code, out) == (1, "")
    assert sentence in err
