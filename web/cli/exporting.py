"""How do complaints, payouts and events leave the desk as a table?"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
import typer

from web.cli.audits import cut_asked
from web.cli.output import AsJson, catch_up, progress

if TYPE_CHECKING:
    from web.exporting.run import Exported


def export(
    what: Annotated[
        Literal["complaints", "events", "payouts"], typer.Argument(help="What goes out.")
    ],
    form: Annotated[
        Literal["csv", "jsonl", "parquet"], typer.Option("--format", help="How it is written.")
    ] = "csv",
    as_of: Annotated[str, typer.Option(help="As it was true at an instant; default: now.")] = "",
    known_at: Annotated[
        str, typer.Option(help="Only what was recorded by this instant, as was known then.")
    ] = "",
    output: Annotated[
        Path | None, typer.Option(help="A file; default: standard output.")
    ] = None,
    words: Annotated[
        bool, typer.Option("--words", help="Of complaints also what is personal.")
    ] = False,
    json: AsJson = False,
) -> None:  # fmt: skip
    """Write complaints, events or payouts as a table; say on standard error how many went out."""
    if words and what != "complaints":
        raise typer.BadParameter("only complaints have words", param_hint="--words")
    from web.exporting.destination import into
    from web.exporting.run import Asked
    from web.exporting.run import export as write
    from web.runtime import Runtime
    from web.settings import load

    _refuse_terminal(form, output)
    settings, now = load(), datetime.now(UTC)
    cut = cut_asked({"as_of": as_of, "known_at": known_at}, now, settings.time_zone)
    asked = Asked(what=what, form=form, cut=cut, words=words)
    with Runtime.open(settings) as runtime, into(output) as file:
        catch_up(runtime)
        with progress(what) as bar:
            done = write(runtime, asked, file, now=now, progress=bar)
    _tell(done, output, json=json)


def _refuse_terminal(form: str, output: Path | None) -> None:
    from recovery.errors import Refused

    if form == "parquet" and output is None and sys.stdout.isatty():
        raise Refused("Parquet is nothing for a terminal: name a file with --output.")


def _tell(done: Exported, output: Path | None, *, json: bool) -> None:
    """On standard error, for the rows may have gone to standard output."""
    if json:
        told = {**msgspec.to_builtins(done), "file": str(output) if output else None}
        sys.stderr.write(msgspec.json.encode(told).decode() + "\n")
        return
    noun = done.what if done.rows != 1 else done.what.removesuffix("s")
    sys.stderr.write(f"{done.rows:,} {noun} went out, up to position {done.position:,}.\n")
    if done.unreadable:
        sys.stderr.write(f"{done.unreadable:,} papers were altered, and are left out.\n")
