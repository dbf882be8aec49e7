"""How do complaints that were kept elsewhere come in?"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from web.cli.output import AsJson, as_json, catch_up


def import_file(
    file: Annotated[Path, typer.Argument(help="CSV, TSV, XLSX, Parquet or JSON lines.")],
    mapping: Annotated[str, typer.Option(help="A preset, or a TOML file of your own.")],
    policy: Annotated[
        str, typer.Option(help="A policy adopted here to bind them to; default: the mapping's.")
    ] = "",
    limit: Annotated[int | None, typer.Option(min=1, help="Rows at most.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen; write nothing.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Bring in complaints from a file, each row accounted for; repeating it adds nothing."""
    from rich.console import Console

    from recovery.policy.library import NONE
    from web.importing import mapping as mappings
    from web.importing.run import run_import
    from web.importing.terminal import bars, show_report
    from web.runtime import Runtime
    from web.settings import load

    chosen = mappings.load(mapping)
    with Runtime.open(load()) as runtime:
        bound = runtime.policies.in_force(policy or chosen.policy or NONE.policy)
        with bars(Console(stderr=True)) as progress:
            report = run_import(
                store=runtime.store, vault=runtime.vault, secret=runtime.reference_key, path=file,
                mapping=chosen, policy=bound, limit=limit, dry_run=dry_run, now=datetime.now(UTC),
                progress=progress,
            )  # fmt: skip
        if not dry_run:
            catch_up(runtime)
    if json:
        as_json(report)
    else:
        show_report(Console(), report)
