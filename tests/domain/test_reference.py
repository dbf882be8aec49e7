"""Can a reference be read over the phone, mistyped, guessed?"""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery import reference
from recovery.errors import Invalid


@given(st.integers(0))
def test_a_reference_is_read_as_it_is_shown(seed: int) -> None:
    drawn = reference.draw(random.Random(seed).getrandbits)

    spoken = reference.show(drawn).lower().replace("0", "o").replace("1", "l")

    assert reference.parse(f"  {spoken} ") == drawn


@given(st.integers(0), st.integers(0, 9), st.sampled_from(reference.ALPHABET))
def test_one_wrong_character_is_always_noticed(seed: int, place: int, other: str) -> None:
    drawn = reference.draw(random.Random(seed).getrandbits)
    wrong = drawn[:place] + other + drawn[place + 1 :]

    if wrong == drawn:
        assert reference.parse(wrong) == drawn
    else:
        with pytest.raises(Invalid, match="typing error"):
            reference.parse(wrong)


@given(st.integers(0), st.integers(0, 8))
def test_two_swapped_neighbours_are_always_noticed(seed: int, place: int) -> None:
    drawn = reference.draw(random.Random(seed).getrandbits)
    swapped = drawn[:place] + drawn[place + 1] + drawn[place] + drawn[place + 2 :]

    if swapped != drawn:
        with pytest.raises(Invalid, match="typing error"):
            reference.parse(swapped)


@pytest.mark.parametrize(
    "text", ["", "7GQ2M", "7GQ2M-4XK9T-1", "7GQ2M_4XK9T", "七七七七七七七七七七"]
)
def test_what_cannot_be_a_reference_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Invalid, match="like 7GQ2M-4XK9T"):
        reference.parse(text)


def test_derived_references_are_stable_keyed_and_valid() -> None:
    one = reference.derive(b"key", "cfpb:1291006")

    assert one == reference.derive(b"key", "cfpb:1291006") == reference.parse(one)
    assert one != reference.derive(b"other", "cfpb:1291006")
    assert one != reference.derive(b"key", "cfpb:1291007")
