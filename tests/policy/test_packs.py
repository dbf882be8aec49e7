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


@pytest.mark.parametrize(("policy", "example"), list(own()))
def test_an_example_of_a_pack_comes_out_as_it_says(policy: str, example: Example):
    result = try_example(drafted(policy).version, example, NINE)

    assert result.got == result.expect or result.ok, result.got


@pytest.mark.parametrize("example", list(shared()))
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


TOLD: dict[str, Any] = {"type": "received", "at": "2026-01-05T10:00:00Z"}


@pytest.mark.parametrize(
    ("event", "expect", "sentence"),
    [
        ({}, {"clocks": []}, "expect.clocks is no table of clocks by their names."),
        ({}, {"clocks": {"first_response": None}}, 'first_response is no table of "due", "due_on"'),
        ({}, {"clocks": {"first_response": {"dew": "x"}}}, "expect.clocks.first_response is no"),
        ({}, {"payouts": {}}, "expect.payouts is no list of tables."),
        ({}, {"payouts": ["10.00"]}, "expect.payouts is no list of tables."),
        ({}, {"outcome": 1}, "expect.outcome: use one of"),
        ({"at": "2026-03-29T01:30:00"}, {"clocks": {}}, "is no instant"),
        ({"at": 1767607200}, {"clocks": {}}, "is no instant"),
        ({"type": None}, {"clocks": {}}, 'unknown event "None"'),
        ({"type": "extended", "days": "ten"}, {"clocks": {}}, 'days = "ten" is no whole number'),
        ({"type": "extended", "days": 10**9}, {"clocks": {}}, "is no whole number from 0 to 365"),
        ({"type": "classified", "attributes": "x"}, {"clocks": {}}, "attributes is no table"),
        ({"type": "incident_recorded", "facts": None}, {"clocks": {}}, "facts is no table"),
    ],
)
def test_an_example_that_cannot_be_read_does_not_come_out(
    event: dict[str, Any], expect: dict[str, Any], sentence: str
):
    given = {"events": [{**TOLD, **event}]}
    wrong = {"id": "X1", "pack": "us-cfpb", "given": given, "expect": expect}
    right = {"id": "X2", "pack": "us-cfpb", "given": {}, "expect": {"payouts": []}}

    first, second = try_all(msgspec.convert([wrong, right], list[Example]), NINE)

    assert not first.ok
    assert sentence in first.got["error"]
    assert second.ok


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
