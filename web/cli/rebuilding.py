"""Do the rows follow from the log, and how are they made anew?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from web.cli.output import AsJson, as_json, progress, say

if TYPE_CHECKING:
    from projections.rebuild import Comparison


def rebuild(
    names: Annotated[list[str] | None, typer.Argument(help="Projections; all if none.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only compare; exit 1 where rows differ.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Fold the log anew beside the live tables and swap them in, while the desk stays open."""
    from projections import rebuild as rebuilding
    from web.runtime import Runtime
    from web.settings import load

    with Runtime.open(load()) as runtime, progress("events") as bar:
        wanted = _known(names or [], [p.name for p in runtime.engine.projections])
        if check:
            compared = rebuilding.check(runtime.engine, wanted, progress=bar)
        else:
            events = rebuilding.rebuild(runtime.engine, wanted, progress=bar)
    if check:
        _tell(compared, json=json)
    elif json:
        as_json({"events": events})
    else:
        say(f"Rebuilt from {events:,} events.")


def _known(names: list[str], known: list[str]) -> list[str]:
    for name in names:
        if name not in known:
            raise typer.BadParameter(f"there is no {name!r} (there are: {', '.join(known)})")
    return names


def _tell(compared: list[Comparison], *, json: bool) -> None:
    identical = all(each.identical for each in compared)
    if json:
        as_json({"identical": identical, "projections": compared})
    else:
        for each in compared:
            verdict = "identical" if each.identical else "DIFFERENT"
            say(f"{each.name:<12} {each.live_rows:>12,} rows  {verdict}")
            for key in each.first_differences:
                say(f"  differs: {key}")
    if not identical:
        sys.exit(1)
