"""Do the layers hold, and is the schema that the code asks for the newest there is?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from recovery import database

ROOT = Path(__file__).parents[2]


def test_the_layers_hold(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)

    status = lint_imports(no_cache=True, no_logo=True)

    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_the_code_asks_for_the_newest_migration() -> None:
    """Each follows from the one numbered before it."""
    folder = Path(database.__file__).parent / "migrations"
    config = Config()
    config.set_main_option("script_location", str(folder))
    chain = [s.revision for s in ScriptDirectory.from_config(config).walk_revisions()][::-1]

    assert chain[-1] == database.HEAD
    assert chain == sorted(path.name[:4] for path in folder.glob("versions/[0-9]*.py"))


def test_no_two_locks_of_the_database_are_the_same() -> None:
    found = [
        number
        for package in ("recovery", "projections", "web")
        for file in (ROOT / package).rglob("*.py")
        for number in re.findall(r"^\w+_LOCK = (\w+)", file.read_text(), re.MULTILINE)
    ]

    assert len(found) > 5
    assert len(set(found)) == len(found)
