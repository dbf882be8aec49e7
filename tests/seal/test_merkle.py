"""Is it the tree of RFC 9162, and does a proof prove what it says and nothing else?"""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery import merkle
from recovery.merkle import EMPTY, Growth, Place, Span, cover, leaf_hash, node_hash

ENTRIES = [
    bytes.fromhex(each)
    for each in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""Of the first one to eight entries: the vectors that Certificate Transparency has published."""


def root(leaves: list[bytes]) -> bytes:
    """The definition of the RFC, word by word."""
    if len(leaves) < 2:
        return leaves[0] if leaves else EMPTY
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(root(leaves[:k]), root(leaves[k:]))


def log(size: int) -> list[bytes]:
    return [leaf_hash(str(n).encode()) for n in range(size)]


def reading(leaves: list[bytes]) -> merkle.Read:
    return lambda p: root(leaves[p.number << p.level : (p.number + 1) << p.level])


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_that_others_published(size: int) -> None:
    growth = Growth()
    growth.extend([leaf_hash(entry) for entry in ENTRIES[:size]])

    assert growth.root().hex() == ROOTS[size - 1]


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert Growth().root() == root([]) == EMPTY


def test_a_path_of_the_rfcs_own_example() -> None:
    """Section 2.1.5: of seven leaves, the path of the first, the fourth, the fifth, the seventh."""
    spans = {n: merkle.inclusion(n, 7) for n in (0, 3, 4, 6)}

    assert spans == {
        0: [(1, 2), (2, 4), (4, 7)], 3: [(2, 3), (0, 2), (4, 7)],
        4: [(5, 6), (6, 7), (0, 4)], 6: [(4, 6), (0, 4)],
    }  # fmt: skip


def test_a_consistency_proof_of_the_rfcs_own_example() -> None:
    spans = {n: merkle.consistency(n, 7) for n in (3, 4, 6)}

    assert spans == {
        3: [(2, 3), (3, 4), (0, 2), (4, 7)], 4: [(4, 7)], 6: [(4, 6), (6, 7), (0, 4)],
    }  # fmt: skip


@given(st.lists(st.integers(0, 40), max_size=8))
def test_growing_in_any_steps_comes_to_the_same(steps: list[int]) -> None:
    leaves, growth, at = log(sum(steps)), Growth(), 0
    for step in steps:
        growth.extend(leaves[at : at + step])
        at += step
        again = Growth(at, [reading(leaves)(place) for place in cover(Span(0, at))])

        assert growth.root() == again.root() == root(leaves[:at])


@given(st.integers(0, 200), st.integers(0, 200))
def test_what_is_completed_are_the_subtrees_that_were_not_before(first: int, more: int) -> None:
    leaves, growth = log(first + more), Growth()
    growth.extend(leaves[:first])

    for level, found in enumerate(growth.extend(leaves[first:])):
        before = first >> level
        assert found == [
            reading(leaves)(Place(level, before + n))
            for n in range(((first + more) >> level) - before)
        ]


@given(st.data())
def test_each_leaf_is_proved_where_it_is_and_nowhere_else(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 130))
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size - 1))
    leaves = log(size)
    path = merkle.proof(merkle.inclusion(index, size), reading(leaves))

    assert merkle.is_included(leaves[index], index, size, path, root(leaves))
    assert other == index or not merkle.is_included(leaves[index], other, size, path, root(leaves))
    assert not merkle.is_included(leaf_hash(b"else"), index, size, path, root(leaves))
    assert not merkle.is_included(leaves[index], index, size, [*path, EMPTY], root(leaves))
    assert not merkle.is_included(leaves[index], index, size, path, EMPTY)


@given(st.data())
def test_a_log_that_only_grew_is_consistent_and_another_is_not(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 130))
    first = data.draw(st.integers(1, size))
    changed = data.draw(st.integers(0, first - 1))
    leaves = log(size)
    other = [EMPTY if n == changed else leaf for n, leaf in enumerate(leaves)]
    path = merkle.proof(merkle.consistency(first, size), reading(leaves))
    old, new = root(leaves[:first]), root(leaves)

    assert merkle.is_consistent(first, old, size, new, path)
    assert not merkle.is_consistent(first, root(other[:first]), size, new, path)
    assert not merkle.is_consistent(first, old, size, root(other), path)
    assert not merkle.is_consistent(first, old, size, new, [*path, EMPTY])


@given(st.integers(0, 10**12), st.integers(1, 10**12))
def test_a_path_is_no_longer_than_the_tree_is_high(index: int, size: int) -> None:
    if index >= size:
        with pytest.raises(ValueError, match="there is no leaf"):
            merkle.inclusion(index, size)
        return
    spans = merkle.inclusion(index, size)

    assert len(spans) <= (size - 1).bit_length()
    assert all(a.end - a.begin <= b.end - b.begin or b.end == size for a, b in pairwise(spans))
