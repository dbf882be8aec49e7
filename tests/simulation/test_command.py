"""`recovery policy simulate`: does it print what a trial finds?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recovery.policy.adopt import house_policy
from tests.commands import Recovery
from tests.templates import STORIES

STRICT = house_policy().replace('within = "5 business days"', 'within = "1 business day"')
DAYS = ("--from", "2025-12-01", "--to", "2026-02-28")


@pytest.fixture(autouse=True)
def written(tmp_path: Path) -> None:
    """A policy, and one that cannot be read, in the folder that commands run in."""
    (tmp_path / "strict.toml").write_text(STRICT)
    (tmp_path / "wrong.toml").write_text(STRICT.replace("received", "recieved"))


def test_the_effect_is_printed_for_people_and_for_programs(
    half_a_year: None, recovery: Recovery
) -> None:
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
    half_a_year: None, recovery: Recovery
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
