"""Does the operator read what became of each row?"""

from __future__ import annotations

import io

from rich.console import Console

from web.importing.report import ImportReport, Progress, RefusedRow
from web.importing.terminal import MOST_SHOWN, bars, show_report


def shown(report: ImportReport) -> str:
    console = Console(file=io.StringIO(), width=100)
    show_report(console, report)
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def test_the_figures_flags_and_refused_rows_are_printed() -> None:
    said = shown(
        ImportReport(
            source="cfpb", read=51_010, imported=51_000, already_there=9, flagged={"no_id": 3_186},
            refused=[RefusedRow(17, "it holds a NUL character")], columns_left_out=("Shoe [size]",),
        )
    )  # fmt: skip

    for line in (
        "51,010 rows read", "51,000 imported", "9 already there", "1 refused",
        "3,186 flagged no_id", "row 17 refused: it holds a NUL character", "“Shoe [size]”",
    ):  # fmt: skip
        assert line in " ".join(said.split())


def test_a_dry_run_does_not_say_imported() -> None:
    assert "2 would be imported" in " ".join(
        shown(ImportReport(source="a", read=2, imported=2, dry_run=True)).split()
    )


def test_what_a_file_holds_cannot_command_the_terminal() -> None:
    report = ImportReport(source="a", columns_left_out=("\x1b]0;owned\x07",))

    assert "\x1b" not in shown(report)


def test_of_very_many_refused_rows_the_rest_is_counted() -> None:
    rows = [RefusedRow(n, "no") for n in range(MOST_SHOWN + 5)]

    assert "and 5 more rows refused" in shown(ImportReport(source="a", refused=rows))


def test_bars_show_rows_and_bytes() -> None:
    console = Console(file=io.StringIO(), width=160, force_terminal=True, no_color=True)

    with bars(console) as show:
        show(Progress("looking", 500, None, 40_000, 80_000))
        show(Progress("importing", 500, 1_000, None, 80_000))
        show(Progress("importing", 1_000, 1_000, 80_000, 80_000))

    file = console.file
    assert isinstance(file, io.StringIO)
    said = file.getvalue()
    assert "80.0/80.0 kB" in said
    assert "1,000 of 1,000 rows" in said
