"""What do the commands say, from finding somebody to scrubbing the files?"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import psycopg
import pytest

from tests.commands import Recovery


@pytest.mark.soak
def test_from_finding_to_scrubbing(recovery: Recovery, tmp_path: Path) -> None:
    recovery("demo", "--complaints", "3", "--seed", "7", "--until", "2026-03-02")
    user = ("--by", "sue@example.org")
    rules = tmp_path / "rules.toml"
    rules.write_text('[[rule]]\nname = "a day"\nkeep = "1 day"\n')
    [first] = json.loads(recovery("person", "find", "example", "--json")[1])["people"][:1]
    person = first["complainant"]
    archive = tmp_path / "theirs.zip"

    assert recovery("person", "export", person, str(archive))[0] == 0
    assert "person.json" in zipfile.ZipFile(archive).namelist()
    hold = json.loads(
        recovery("hold", "place", "person", person, "--reason", "4711", *user, "--json")[1]
    )["hold"]
    forget = ("forget", person, "--reason", "asked", *user)
    assert "A legal hold forbids" in recovery(*forget, "--dry-run")[1]
    assert recovery(*forget)[0] == 1
    assert recovery("hold", "end", hold, *user)[0] == 0
    assert "over  person" in recovery("hold", "list")[1]
    assert recovery(*forget)[1].endswith("Forgotten.\n")
    assert recovery(*forget)[0] == 1
    assert recovery("retention", "preview", str(rules), "--json")[0] == 0
    assert recovery("retention", "adopt", str(rules), *user)[1] == "1 rules are in force.\n"
    assert recovery("retention", "run")[0] == 0
    assert json.loads(recovery("scrub", "--json")[1])["position"] > 0


def test_whoever_a_complaint_belongs_to_is_forgotten_once_it_was_told_what_goes(
    recovery: Recovery, database_url: str
) -> None:  # fmt: skip
    recovery("demo", "--complaints", "1", "--seed", "7", "--until", "2026-03-02")
    with psycopg.connect(database_url) as conn:
        [(reference, person)] = conn.execute("select reference, complainant from read.queue")

    would = recovery("forget", reference, "--reason", "asked", "--dry-run", "--json")
    worded = recovery("forget", reference, "--reason", "they asked")
    done = recovery("forget", reference, "--reason", "asked", "--by", "sue@example.org")

    assert json.loads(would[1])["counts"]["complaints"] == 1
    assert (worded.code, worded.out) == (1, "")
    assert done[1].endswith("Forgotten.\n")
    assert recovery("forget", reference, "--reason", "asked").code == 1
    with psycopg.connect(database_url) as conn:
        left = conn.execute("select from desk.vault_keys where owner = %s", (person,))
        assert left.rowcount == 0
