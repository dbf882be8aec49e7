"""Is a file whole or not there, and does no cell become a formula?"""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recovery.errors import Refused
from web.exporting.destination import into
from web.spreadsheets import as_written, disarmed


def test_a_file_is_there_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    with into(path) as file:
        file.write(b"whole")
        assert not path.exists()

    assert path.read_bytes() == b"whole"
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_breaks_off_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    path.write_bytes(b"yesterday's")

    with pytest.raises(TypeError), into(path) as file:
        file.writelines([b"half", "a mistake"])  # type: ignore[list-item]

    assert [each.name for each in tmp_path.iterdir()] == ["all.csv"]
    assert path.read_bytes() == b"yesterday's"


def test_told_to_end_it_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended, into(tmp_path / "all.csv"):
        signal.raise_signal(signal.SIGTERM)

    assert ended.value.code == 143
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["nowhere/all.csv", "."])
def test_where_nothing_can_be_written_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused, match="cannot be written"), into(tmp_path / name) as file:
        file.write(b"whole")


@settings(max_examples=40)
@given(st.text("'=+-@\t\ra 9", max_size=5))
def test_no_text_is_a_formula_and_each_reads_back(text: str) -> None:
    assert not disarmed(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert as_written(disarmed(text)) == text
