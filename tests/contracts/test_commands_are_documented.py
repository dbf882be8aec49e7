"""Do the documents name every command and option, and none that there is not?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from web.cli import app
from web.worker.loops import LOOPS

ROOT = Path(__file__).parents[2]
DOCUMENTS = "\n".join(
    path.read_text() for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
)
TABLE = (ROOT / "docs" / "commands.md").read_text()


@cache
def commands() -> dict[str, set[str]]:
    """Every command by what is typed after `recovery`, and its options."""
    return dict(_below(typer.main.get_command(app), ""))


def _below(command: object, path: str) -> Iterator[tuple[str, set[str]]]:
    if isinstance(command, TyperGroup):
        for name, each in command.commands.items():
            yield from _below(each, f"{path} {name}".strip())
        return
    options = {
        option
        for parameter in command.params  # type: ignore[attr-defined]
        for option in (*parameter.opts, *parameter.secondary_opts)
        if option.startswith("--")
        and not getattr(parameter, "hidden", False)
        and option != "--help"
    }
    yield path, options


@pytest.mark.parametrize("path", commands())
def test_a_command_has_its_row_with_each_of_its_options(path: str) -> None:
    [row] = re.findall(rf"^\| `{path}(?: [^|`]*)?` \|.*$", TABLE, re.MULTILINE)

    assert set(re.findall(r"--[a-z-]+", row)) == commands()[path]


def test_no_document_names_a_command_that_there_is_not() -> None:
    named = set(re.findall(r"`recovery ([a-z]+)", DOCUMENTS)) | set(
        re.findall(r"^recovery ([a-z]+)", DOCUMENTS, re.MULTILINE)
    )

    assert named >= {"serve", "work", "import", "doctor"}
    assert named <= {path.partition(" ")[0] for path in commands()}


def test_each_loop_of_a_worker_is_told_of() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    [told] = re.findall(r"## What nobody has to press\n(.*?)\n## ", text, re.DOTALL)

    assert {loop for loop in LOOPS if f"`{loop}`" not in told} == set()
