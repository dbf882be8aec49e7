"""What does `recovery export` say, and where?"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.commands import Recovery


def test_rows_go_to_standard_output_and_how_many_to_standard_error(
    recovery: Recovery, tmp_path: Path
) -> None:  # fmt: skip
    plain = recovery("export", "events", "--format", "jsonl")
    told = recovery("export", "complaints", "--as-of", "2026-03-02", "--output", "c.csv", "--json")

    assert [json.loads(line)["type"] for line in plain.out.splitlines()] == ["policy.adopted"]
    assert plain.err == "1 event went out, up to position 1.\n"
    assert (told.code, told.out) == (0, "")
    assert json.loads(told.err) == {
        "what": "complaints", "rows": 0, "position": 1, "unreadable": 0, "file": "c.csv",
    }  # fmt: skip
    assert (tmp_path / "c.csv").read_text().startswith("\ufeffreference,received_at,")


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("events", "--words"), 2, "only complaints have words"),
        (("letters",), 2, "letters"),
        (("events", "--format", "xml"), 2, "xml"),
        (("events", "--as-of", "2190-01-01"), 1, "--as-of: This lies in the future."),
        (("events", "--known-at", "soon"), 1, "--known-at: This is not an instant"),
        (("events", "--output", "nowhere/e.csv"), 1, "nowhere/e.csv cannot be written"),
    ],
)
def test_what_cannot_be_asked_for_is_said(
    recovery: Recovery, arguments: tuple[str, ...], code: int, sentence: str
) -> None:  # fmt: skip
    ran = recovery("export", *arguments)

    assert (ran.code, ran.out) == (code, "")
    assert sentence in ran.err


def test_parquet_is_not_poured_over_a_terminal(
    recovery: Recovery, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)

    ran = recovery("export", "events", "--format", "parquet")

    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "Parquet is nothing for a terminal: name a file with --output.\n"
