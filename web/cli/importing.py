"""How do complaints that were kept elsewhere come in?"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from web.cli.output import AsJson, as_json, catch_up, progress, say

if TYPE_CHECKING:
    from web.importing.report import ImportReport, Progress

REFUSALS_SHOWN = 20


def import_file(
    file: Annotated[Path, typer.Argument(help="CSV, TSV, XLSX, Parquet or JSON lines.")],
    mapping: Annotated[str, typer.Option(help="A preset, or a TOML file of your own.")],
    limit: Annotated[int | None, typer.Option(min=1, help="Rows at most.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen; write nothing.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Bring in complaints from a file, each row accounted for; repeating it adds nothing."""
    from web.importing import mapping as mappings
    from web.importing.run import run_import
    from web.runtime import Runtime
    from web.settings import load

    chosen = mappings.load(mapping)
    with Runtime.open(load()) as runtime:
        with progress("rows") as bar:

            def tell(step: Progress) -> None:
                bar(step.rows, step.of_rows)

            report = run_import(
                store=runtime.store, vault=runtime.vault, secret=runtime.reference_key, path=file,
                mapping=chosen, limit=limit, dry_run=dry_run, now=datetime.now(UTC), progress=tell,
            )  # fmt: skip
        if not dry_run:
            catch_up(runtime)
    if json:
        as_json(report)
    else:
        _tell(report)


def _tell(report: ImportReport) -> None:
    would = "would be imported" if report.dry_run else "imported"
    say(
        f"{report.read:,} rows read: {report.imported:,} {would} ({report.events:,} events), "
        f"{report.already_there:,} already there, {len(report.refused):,} refused."
    )
    if report.date_format:
        say(f"Dates were read as {report.date_format}.")
    for flag, rows in sorted(report.flagged.items()):
        say(f"  flagged {flag}: {rows:,}")
    for refused in report.refused[:REFUSALS_SHOWN]:
        say(f"  row {refused.row:,} refused: {refused.reason}")
    if len(report.refused) > REFUSALS_SHOWN:
        say(f"  and {len(report.refused) - REFUSALS_SHOWN:,} more; --json lists them all.")
    if report.columns_left_out:
        say(f"Columns left out: {', '.join(report.columns_left_out)}.")
    for note in report.notes:
        say(note)
