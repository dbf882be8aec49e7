"""The page on policies shows what is really there."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from recovery.policy.authority import Budget, Limit
from recovery.policy.marks import KINDS
from recovery.policy.records import (
    Calendar,
    ClockRule,
    Escalation,
    Extension,
    FactRule,
    HolidaySet,
    Pause,
    Policy,
    Target,
    Version,
)
from recovery.policy.values import UNITS
from tests.policy.given import HOUSE

PAGE = (Path(__file__).parents[2] / "docs" / "policies.md").read_text(encoding="utf-8")


def test_the_example_is_the_house_policy():
    assert f"```toml\n{HOUSE}```" in PAGE


@pytest.mark.parametrize(
    "table",
    [
        Policy,
        FactRule,
        Calendar,
        HolidaySet,
        Version,
        ClockRule,
        Target,
        Escalation,
        Extension,
        Pause,
        Limit,
        Budget,
    ],
)
def test_every_key_is_documented(table: type[msgspec.Struct]):
    keys = {field.encode_name for field in msgspec.structs.fields(table)}
    tables = {
        "calendar",
        "version",
        "clock",
        "target",
        "escalation",
        "guarantee",
        "example",
        "authority",
        "budget",
    }  # headings of their own
    weekdays = {"tuesday", "wednesday", "thursday", "friday", "saturday"}  # monday … sunday

    missing = {  # tables have headings of their own
        key for key in keys - tables - weekdays if f"`{key}" not in PAGE and f"{key} = " not in PAGE
    }
    assert missing == set()


def test_every_event_and_unit_is_documented():
    assert [name for name in (*KINDS, *UNITS) if f"`{name}`" not in PAGE] == []
