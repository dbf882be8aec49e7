"""How fast do a demonstration and a file get into the log, and every projection up with it?"""

from __future__ import annotations

import csv
import time
from datetime import date, timedelta
from pathlib import Path
from random import Random

from tests.benchmarks.figures import Figure, at_least
from tests.benchmarks.ground import UNTIL, Ground, Sizes
from web.importing import mapping
from web.importing.run import run_import
from web.worker.catching_up import catch_up

WRITE, CATCH_UP = at_least(8_000), at_least(20_000)
OUTCOMES = (
    "Closed with explanation", "Closed with monetary relief", "Closed with non-monetary relief",
    "In progress", "Untimely response",
)  # fmt: skip
PRODUCTS = {
    "Mortgage": "Loan servicing, payments, escrow account",
    "Debt collection": "Cont'd attempts collect debt not owed",
    "Credit card": "Billing disputes",
}


def measure(ground: Ground, sizes: Sizes) -> list[Figure]:
    return [*_demonstration(ground, sizes), *_file(ground, sizes)]


def _demonstration(ground: Ground, sizes: Sizes) -> list[Figure]:
    loaded = []
    for repetition in range(sizes.loads):
        desk = ground.desk()
        loaded.append(ground.fill(desk, sizes.complaints))
        if repetition + 1 < sizes.loads:
            ground.drop(desk)  # the last one is what the others measure on
    of = f"{sizes.complaints:,} complaints of the demonstration"
    return _rates(
        "demo", of,
        [one.events / one.written for one in loaded],
        [one.events / one.caught_up for one in loaded],
    )  # fmt: skip


def _file(ground: Ground, sizes: Sizes) -> list[Figure]:
    path = ground.folder / "complaints.csv"
    write_file(path, sizes.complaints)
    written, caught_up = [], []
    for _ in range(sizes.loads):
        desk = ground.desk()
        began = time.perf_counter()
        report = run_import(
            store=desk.store, vault=desk.vault, secret=desk.reference_key, path=path,
            mapping=mapping.load("cfpb"), now=UNTIL,
        )  # fmt: skip
        middle = time.perf_counter()
        catch_up(desk)
        written.append(report.events / (middle - began))
        caught_up.append(report.events / (time.perf_counter() - middle))
        if report.imported != sizes.complaints:
            raise RuntimeError(f"{report.imported:,} of {sizes.complaints:,} rows were imported")
        ground.drop(desk)
    return _rates("import", f"{sizes.complaints:,} rows of a CSV file", written, caught_up)


def _rates(name: str, of: str, written: list[float], caught_up: list[float]) -> list[Figure]:
    return [
        Figure.of(f"{name}.write", f"Into the log: {of}", written, "events/s", WRITE),
        Figure.of(
            f"{name}.catch_up", f"All projections caught up: {of}", caught_up, "events/s", CATCH_UP
        ),
    ]


def write_file(path: Path, rows: int) -> None:
    """A file such as the Consumer Financial Protection Bureau publishes."""
    chance = Random(1)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(
            (
                "Complaint ID", "Date received", "Date sent to company", "Product", "Issue",
                "State", "ZIP code", "Submitted via", "Company response to consumer",
                "Timely response?", "Consumer disputed?", "Consumer complaint narrative",
            )
        )  # fmt: skip
        for number in range(rows):
            received = date(2015, 1, 1) + timedelta(days=chance.randrange(365))
            product = chance.choice(list(PRODUCTS))
            writer.writerow(
                (
                    1_000_000 + number, received, received + timedelta(days=chance.randrange(5)),
                    product, PRODUCTS[product], chance.choice(("TX", "CA", "MA", "OH")),
                    f"{chance.randrange(100_000):05}", chance.choice(("Web", "Phone", "Fax")),
                    chance.choice(OUTCOMES), "Yes", chance.choice(("", "", "Yes")),
                    chance.choice(("", "They never answered. I have called and written often.")),
                )
            )  # fmt: skip
