"""Do the layers hold, and is the schema that the code asks for the newest there is?"""

from __future__ import annotations

from pathlib import Path

import pytest
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
    folder = Path(database.__file__).parent / "migrations" / "versions"
    numbers = sorted(path.name.partition("_")[0] for path in folder.glob("[0-9]*.py"))

    assert numbers[-1] == database.HEAD
    assert numbers == [f"{n:04}" for n in range(1, len(numbers) + 1)]
