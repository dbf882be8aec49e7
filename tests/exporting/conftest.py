"""A desk whose complaints go out, and what came out."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.web.conftest import runtime, settings  # noqa: F401  the fixtures
from web.demo.load import load_demo
from web.exporting.run import Asked, Exported, export
from web.runtime import Runtime
from web.spreadsheets import BYTE_ORDER_MARK

UNTIL = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
Tell = Callable[[Runtime, int], None]


@pytest.fixture
def tell() -> Tell:
    """Puts so many complaints of the demonstration on a desk."""

    def told(desk: Runtime, complaints: int) -> None:
        load_demo(
            desk.store, desk.vault, desk.policies, complaints=complaints, days=60, seed=7,
            until=UNTIL, secret=desk.reference_key,
        )  # fmt: skip
        desk.engine.catch_up()

    return told


def taken(desk: Runtime, **asked: Any) -> tuple[Exported, bytes]:
    """What went out, and the bytes of it."""
    file = io.BytesIO()
    done = export(desk, Asked(**asked), file, now=datetime.now(UTC))
    return done, file.getvalue()


def rows(desk: Runtime, **asked: Any) -> list[dict[str, str]]:
    """The rows of the CSV file, by column."""
    text = taken(desk, **asked)[1].decode().removeprefix(BYTE_ORDER_MARK)
    return list(csv.DictReader(io.StringIO(text, newline="")))
