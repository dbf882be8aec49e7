"""The page on guarantees names what is really there."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import msgspec
import pytest

from recovery.policy.adopt import house_policy
from recovery.policy.guarantees.records import MOMENTS, TABLES
from recovery.policy.guarantees.trace import RefusalReason, StepKind

PAGE = (Path(__file__).parents[2] / "docs" / "guarantees.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("table", TABLES)
def test_every_key_is_documented(table: str) -> None:
    keys = {field.encode_name for field in msgspec.structs.fields(TABLES[table])}

    missing = {key for key in keys if f"`{key}" not in PAGE and f"{key} = " not in PAGE}
    assert missing == set()


def test_every_step_reason_and_moment_is_documented() -> None:
    words = (*get_args(StepKind), *get_args(RefusalReason), *MOMENTS)

    assert [word for word in words if f"`{word}`" not in PAGE] == []


def test_the_example_is_of_the_house_policy() -> None:
    example = PAGE.partition("```toml\n")[2].partition("```")[0]

    assert example in house_policy()
