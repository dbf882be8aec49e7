"""Does docs/importing.md say everything, and does its example work?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from recovery.events import Closed, Compensated, Received
from recovery.money import Money
from recovery.store import Store
from recovery.vault import Vault
from web.importing import mapping
from web.importing.run import run_import

DOCUMENT = (Path(__file__).parents[2] / "docs" / "importing.md").read_text("utf-8")
PARTS = ("dates", "channel", "words", "contact", "status", "acts", "outcome", "money", "reopened")


def keys() -> Iterator[str]:
    for field in msgspec.structs.fields(mapping.Mapping):
        if field.name in PARTS:
            part = getattr(mapping.Mapping(source="a", received=("b",)), field.name)
            yield from (f"{field.name}.{name}" for name in type(part).__struct_fields__)
        elif field.name == "attributes":
            yield from (f"attributes.NAME.{name}" for name in mapping.Attribute.__struct_fields__)
        elif field.name == "milestones":
            yield "milestones.NAME"
        else:
            yield field.name


@pytest.mark.parametrize("key", list(keys()))
def test_every_key_of_a_mapping_is_documented(key: str) -> None:
    assert f"`{key}`" in DOCUMENT


@pytest.mark.parametrize("preset", mapping.presets())
def test_every_preset_is_documented(preset: str) -> None:
    assert f"`{preset}`" in DOCUMENT


@pytest.mark.parametrize("preset", mapping.presets())
def test_every_flag_of_a_preset_is_documented(preset: str) -> None:
    rules = mapping.load(preset)
    flags = {*rules.status.flags.values()}
    flags |= {f"unknown_{name}" for name, code in rules.attributes.items() if code.known}
    flags |= {f"padded_{name}" for name, code in rules.attributes.items() if code.pad}

    assert not {flag for flag in flags if f"`{flag}`" not in DOCUMENT}


def test_the_example_works(store: Store, tmp_path: Path) -> None:
    for language, name in (("csv", "shop.csv"), ("toml", "shop.toml")):
        [block] = re.findall(f"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)
        (tmp_path / name).write_text(block, "utf-8")

    report = run_import(
        store=store, vault=Vault(b"m" * 32), secret=b"secret", path=tmp_path / "shop.csv",
        mapping=mapping.load(str(tmp_path / "shop.toml")),
    )  # fmt: skip

    with store.database.connection() as conn:
        rows = conn.execute("select command, stream from desk.commands order by 1").fetchall()
    kettle, weeks = ([r.event for r in store.records(stream)] for _, stream in rows)
    assert (report.imported, report.flagged, report.columns_left_out) == (2, {}, ())
    assert [type(event) for event in kettle] == [Received, Compensated, Closed]
    assert kettle[0].at == datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
    assert isinstance(kettle[1], Compensated)
    assert kettle[1].money == Money(Decimal("25.00"), "GBP")
    assert (kettle[2].at, kettle[2].precision) == (datetime(2026, 1, 7, tzinfo=UTC), "day")
    assert [type(event) for event in weeks] == [Received]
