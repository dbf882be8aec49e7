"""How does a command say what it did: to a person, or with --json to a program?"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

if TYPE_CHECKING:
    from web.runtime import Runtime

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def as_json(value: Any) -> None:
    """One JSON value on standard output."""
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")


def say(line: str = "") -> None:
    """One line on standard output."""
    sys.stdout.write(line + "\n")


def log_to_stderr() -> None:
    """What loops and servers have to say, for whoever collects it."""
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(name)s: %(message)s"
    )


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int | None], None]]:
    """A bar on a terminal; nothing where standard error is not one."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress

    columns = (*Progress.get_default_columns(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        task = bars.add_task(label, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


def catch_up(runtime: Runtime) -> None:
    """Bring the projections up to what was just loaded, with a bar."""
    from web.worker import catching_up

    with progress("projections") as bar:
        catching_up.catch_up(runtime, bar)
