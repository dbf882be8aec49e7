"""How does an operator write down what befell many complainants at once?"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from web.cli.given import day, pair, text_of
from web.cli.output import AsJson, as_json, progress, say

incidents = typer.Typer(no_args_is_help=True, help="What befell many complainants at once.")


@incidents.command("record")
def record(
    name: Annotated[str, typer.Argument(help="Such as outage-2026-03-02; the same is one.")],
    fact: Annotated[list[str], typer.Option(help="name=value; repeat it for several.")],
    by: Annotated[str, typer.Option(help="Whose word it is: the address of a colleague.")],
    references: Annotated[
        Path | None, typer.Option(help="A file with a reference on each line.")
    ] = None,
    where: Annotated[
        list[str] | None, typer.Option(help="name=value, of their complaints; repeat it.")
    ] = None,
    since: Annotated[str, typer.Option("--from", help="First day of receipt.")] = "",
    until: Annotated[str, typer.Option("--to", help="Last day of receipt.")] = "",
    json: AsJson = False,
) -> None:
    """Record facts on many complaints; what is owed for them is due within seconds."""
    from projections.befallen import befallen
    from recovery import incidents as many
    from recovery import reference as ours
    from web.runtime import Runtime
    from web.settings import load

    with Runtime.open(load()) as runtime, progress("complaints") as bar:
        user = runtime.accounts.named(by).by
        if references:
            chosen = [ours.parse(line) for line in text_of(references).split()]
        else:
            with runtime.database.engine.connect() as conn:
                chosen = befallen(
                    conn, dict(pair(each) for each in where or ()),
                    zone=runtime.settings.time_zone, since=day(since), until=day(until),
                )  # fmt: skip
        incident = many.Incident(
            name=name, facts=dict(pair(each) for each in fact), by=user, at=datetime.now(UTC)
        )
        recorded, left_out = 0, list[tuple[str, str]]()
        for part in many.record(runtime.store, incident, chosen):
            recorded += part.recorded
            left_out += part.left_out
            bar(recorded, len(chosen))
    if json:
        as_json({"complaints": len(chosen), "recorded": recorded, "left_out": left_out})
        return
    say(f"{recorded:,} of {len(chosen):,} complaints.")
    for reference, why in left_out:
        say(f"{reference}: {why}")
