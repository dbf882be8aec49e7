"""How do the figures get into docs/benchmarks.md?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from tests.benchmarks.figures import Figure

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """One run, as it is printed."""

    at: str
    seconds: float
    machine: dict[str, Any]
    sizes: dict[str, float]
    figures: list[Figure]
    failed: dict[str, str]
    """By benchmark, why it has no figures."""


def write(results: Path, page: Path = PAGE) -> None:
    """Put the results between the page's two marks."""
    found = msgspec.json.decode(results.read_bytes(), type=Results)
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{page} does not have the marks {BEGIN} and {END}")
    page.write_text(f"{before}{BEGIN}\n{markdown(found)}\n{END}{after}", encoding="utf-8")


def markdown(results: Results) -> str:
    """The machine, the table, and what could not be measured."""
    lines = [
        _machine(results),
        "",
        "| figure | measured | target | met | repetitions |",
        "|---|---:|---:|:---:|---|",
        *(_line(figure) for figure in results.figures),
    ]
    if results.failed:
        lines += ["", *(f"Not measured: {name} ({why})." for name, why in results.failed.items())]
    return "\n".join(lines)


def _machine(results: Results) -> str:
    machine = results.machine
    server = machine["postgresql"]
    return (
        f"{results.at[:10]}, commit {machine['commit']}, in {results.seconds:,.0f} s:"
        f" {machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB,"
        f" {machine['system']} on {machine['file_system']}, Python {machine['python']},"
        f" PostgreSQL {server['server_version']} (fsync {server['fsync']},"
        f" synchronous_commit {server['synchronous_commit']}), load before"
        f" {machine['load_before'][0]}."
    )


def _line(figure: Figure) -> str:
    target = f"{figure.target.sign} {figure.target.bound:,g}" if figure.target else ""
    met = {True: "yes", False: "**no**", None: ""}[figure.met]
    samples = ", ".join(f"{sample:,.4g}" for sample in figure.samples[1:] and figure.samples)
    return f"| {figure.says} | {figure.shown} | {target} | {met} | {samples} |"
