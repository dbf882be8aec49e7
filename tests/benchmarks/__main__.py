"""Measures, and prints the figures as JSON; what is going on goes to standard error.

python -m tests.benchmarks [--only NAME …] [--quick] [--complaints N] [--keep FOLDER] [--json FILE]
python -m tests.benchmarks --markdown RESULTS.json
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from tests.benchmarks import (
    backup,
    calendar_edit,
    clicks,
    commands,
    due,
    entitlements,
    fairness,
    incident,
    load,
    machine,
    mail,
    pages,
    process,
    rebuild,
    report,
    sealing,
    simulate,
    visible,
    workbench,
)
from tests.benchmarks.figures import Figure
from tests.benchmarks.ground import FULL, QUICK, Ground, Sizes

BENCHMARKS: dict[str, Callable[[Ground, Sizes], list[Figure]]] = {
    "load": load.measure,
    "rebuild": rebuild.measure,
    "simulate": simulate.measure,
    "commands": commands.measure,
    "visible": visible.measure,
    "pages": pages.measure,
    "calendar": calendar_edit.measure,
    "fairness": fairness.measure,
    "process": process.measure,
    "mail": mail.measure,
    "due": due.measure,
    "entitlements": entitlements.measure,
    "seal": sealing.measure,
    "incident": incident.measure,
    "backup": backup.measure,
    "workbench": workbench.measure,
    "clicks": clicks.measure,
}
BOUND = 180.0
"""Seconds that a benchmark may take, and those for each complaint it may have to load."""
BOUND_PER_COMPLAINT = 0.005


class TookTooLong(Exception):
    """A benchmark was stopped."""


def main() -> int:
    asked = _arguments()
    if asked.markdown:
        report.write(asked.markdown)
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are stopped
    results = run(asked.only or list(BENCHMARKS), _sizes(asked), asked.keep)
    text = msgspec.json.format(msgspec.json.encode(results), indent=2).decode()
    if asked.json:
        asked.json.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")
    return 1 if results.failed else 0


def run(names: list[str], sizes: Sizes, keep: Path | None = None) -> report.Results:
    """Measure one after the other on one server, in a folder that is kept or a temporary one."""
    began, at = time.monotonic(), datetime.now(UTC)
    figures: list[Figure] = []
    failed: dict[str, str] = {}
    with _folder(keep) as folder, Ground(folder) as ground:
        described = machine.describe(ground.url, ground.folder)
        for name in names:
            _say(f"{name} …")
            try:
                with _at_most(_bound(sizes)):
                    found = BENCHMARKS[name](ground, sizes)
            except Exception as error:  # the others may still be measured
                failed[name] = f"{type(error).__name__}: {error}"
                _say(f"  failed: {failed[name]}")
                continue
            figures += found
            for figure in found:
                _say(f"  {figure.name}: {figure.shown}{_verdict(figure)}")
    return report.Results(
        at=at.isoformat(), seconds=time.monotonic() - began, machine=described,
        sizes=msgspec.structs.asdict(sizes), figures=figures, failed=failed,
    )  # fmt: skip


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="recovery-bench-") as folder:
        yield Path(folder)


def _verdict(figure: Figure) -> str:
    if figure.target is None:
        return ""
    return (
        f" (target {figure.target.sign} {figure.target.bound:g}: {'' if figure.met else 'not '}met)"
    )


def _bound(sizes: Sizes) -> float:
    return BOUND + BOUND_PER_COMPLAINT * max(sizes.complaints, sizes.queue_complaints)


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise TookTooLong in the block when it takes longer."""

    def stop(*_: object) -> None:
        raise TookTooLong(f"stopped after {seconds:,.0f} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _sizes(asked: argparse.Namespace) -> Sizes:
    found = QUICK if asked.quick else FULL
    changed = {
        "complaints": asked.complaints,
        "queue_complaints": asked.queue_complaints or asked.complaints,
    }  # fmt: skip
    return msgspec.structs.replace(found, **{k: v for k, v in changed.items() if v})


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=BENCHMARKS, help="some of them")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it works")
    parser.add_argument("--complaints", type=int, help="in every history that is loaded")
    parser.add_argument("--queue-complaints", type=int, help="on the desk with pages alone")
    parser.add_argument("--keep", type=Path, help="a folder whose histories stay for the next run")
    parser.add_argument("--json", type=Path, help="write the figures into this file too")
    parser.add_argument("--markdown", type=Path, help="write these figures into docs/benchmarks.md")
    return parser.parse_args()


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
