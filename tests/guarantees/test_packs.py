"""Do the packs say what their schemes say, at each boundary?"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import pytest

from recovery.policy.guarantees.plan import Guarantees
from tests import conftest
from tests.guarantees.given import assessed, pack

PACKS = (
    "cn-airline-delay", "cn-consumer-law", "eu-261", "uk-261", "uk-delay-repay",
    "uk-electricity-network", "uk-energy-supplier", "uk-ofcom-automatic-compensation",
    "us-dot-denied-boarding",
)  # fmt: skip
"""Those that have guarantees and no clocks."""
SHARED = conftest.SHARED / "policy-examples" / "examples.json"


def own() -> Iterator[Any]:
    for name in PACKS:
        text = files("recovery").joinpath("policies", f"{name}.toml").read_text(encoding="utf-8")
        for example in tomllib.loads(text)["example"]:
            yield pytest.param(name, example, id=f"{name}: {example['id']}")


def shared() -> Iterator[Any]:
    if SHARED.exists():
        for example in json.loads(SHARED.read_text(encoding="utf-8")):
            if example["pack"] in PACKS:
                yield pytest.param(example["pack"], example, id=example["id"])


@pytest.mark.parametrize(("name", "example"), [*own(), *shared()])
def test_an_example_comes_out_as_it_says(name: str, example: dict[str, Any]) -> None:
    facts = dict(example["given"]["facts"])
    as_of = facts.pop("as_of", None) or _last_day(facts)
    found = assessed(_compiled(name), as_of=as_of, **facts)

    got = [
        {
            "guarantee": each.guarantee,
            "amount": str(each.money.amount),
            "currency": each.money.currency,
            "pay_by": each.pay_by.isoformat() if each.pay_by else None,
        }
        for each in found.owed
    ]
    wanted = example["expect"]["payouts"]
    assert [_only(each, keys) for each, keys in zip(got, wanted, strict=True)] == wanted


@cache
def _compiled(name: str) -> Guarantees:
    return pack(name)


def _only(each: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    return {key: each[key] for key in wanted}


def _last_day(facts: dict[str, Any]) -> str:
    """The end of the story: the last day among its facts."""
    days = [str(value)[:10] for value in facts.values() if str(value)[4:5] == "-"]
    return max(days, default="2026-01-01")
