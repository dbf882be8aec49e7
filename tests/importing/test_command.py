"""Does `recovery import` bring in a file and say what became of it?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands import Recovery
from tests.importing.files import FORMATS, ROWS


def test_a_file_is_imported_once(recovery: Recovery, tmp_path: Path) -> None:
    FORMATS["comma.csv"](tmp_path / "a.csv", ROWS)

    code, out, _ = recovery("import", "a.csv", "--mapping", "cfpb")
    _, again, _ = recovery("import", "a.csv", "--mapping", "cfpb", "--json")

    assert code == 0
    assert "2 imported" in " ".join(out.split())
    report = json.loads(again)
    assert (report["read"], report["imported"], report["already_there"]) == (2, 0, 2)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("a.csv", "--mapping", "cfbp"), "There is no mapping 'cfbp'"),
        (("b.csv", "--mapping", "cfpb"), "b.csv cannot be opened"),
        (("c.csv", "--mapping", "cfpb"), "needs a column “Date received”"),
    ],
)
def test_what_cannot_be_imported_is_one_sentence_and_exit_code_1(
    recovery: Recovery, tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    FORMATS["comma.csv"](tmp_path / "a.csv", ROWS)
    (tmp_path / "c.csv").write_text("name\nLi\n")

    code, out, err = recovery("import", *arguments)

    assert (code, out, err.count("\n")) == (1, "", 1)
    assert says in err
