"""Do the policies that come with the desk say what their schemes say?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
import pytest

from recovery.policy.adopt import Draft, draft
from recovery.policy.examples import try_example
from recovery.policy.packs import packs, try_all
from recovery.policy.records import Example
from tests import conftest
from tests.cast import NINE

SHARED = conftest.SHARED / "policy-examples" / "examples.json"


@cache
def drafted(policy: str) -> Draft:
    return draft(packs()[policy], at=NINE, file=policy)


def own() -> Iterator[Any]:
    for policy in packs():
        for example in drafted(policy).policy.examples:
            yield pytest.param(policy, example, id=f"{policy}: {example.id}")


def shared() -> Iterator[Any]:
    if SHARED.exists():
        for example in msgspec.json.decode(SHARED.read_bytes(), type=list[Example]):
            yield pytest.param(example, id=example.id)


@pytest.mark.parametrize(("policy", "example"), own())
def test_an_example_of_a_pack_comes_out_as_it_says(policy: str, example: Example):
    result = try_example(drafted(policy).version, example, NINE)

    assert result.got == result.expect or result.ok, result.got


@pytest.mark.parametrize("example", shared())
def test_an_example_of_others_comes_out_as_it_says(example: Example):
    (result,) = try_all([example], NINE)

    assert result.ok, result.got


@pytest.mark.parametrize("policy", packs())
def test_a_pack_is_named_for_its_policy_and_shows_examples(policy: str):
    found = drafted(policy).policy

    assert found.id == policy
    assert found.source
    assert len({example.id for example in found.examples}) == len(found.examples) > 0


def test_what_no_pack_understands_does_not_come_out():
    told = {"events": [{"type": "recieved", "at": "2026-01-05T10:00:00Z"}]}
    examples = msgspec.convert(
        [
            {"id": "X1", "pack": "uk-fca", "given": {}, "expect": {"version": "2018"}},
            {"id": "X2", "pack": "uk-fca-disp", "given": told, "expect": {"clocks": {}}},
            {"id": "X3", "pack": "uk-fca-disp@2019", "given": {}, "expect": {"clocks": {}}},
        ],
        list[Example],
    )

    errors = [result.got["error"] for result in try_all(examples, NINE) if not result.ok]

    assert errors == [
        'No policy "uk-fca" comes with the desk (did you mean "uk-fca-disp"?).',
        'Example X2: unknown event "recieved" (did you mean "received"?).',
        'Policy "uk-fca-disp" has no version "2019" (did you mean "2018"?).',
    ]


def test_a_version_can_be_forced():
    example = msgspec.convert(
        {
            "id": "X", "pack": "uk-ofcom-complaints@eight-weeks",
            "given": {"events": [{"type": "received", "at": "2026-06-01T10:00:00+01:00"}]},
            "expect": {
                "version": "eight-weeks", "clocks": {"adr_letter": {"due_on": "2026-07-27"}},
            },
        },
        Example,
    )  # fmt: skip

    (result,) = try_all([example], NINE)

    assert result.ok, result.got
