"""Which hash stands for a whole log, and which few prove that an event is in it?

The Merkle tree of RFC 9162, section 2.1. The tree of a log of any size is made of complete subtrees
only: each is hashed once, when its last leaf comes, and never again. A range of the log that the
RFC names is the fold of the few complete subtrees that cover it: a proof reads log n hashes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

HASH = 32
EMPTY = sha256(b"").digest()
"""The root of a log without events."""


class Place(NamedTuple):
    """A complete subtree: leaves `number << level` up to before `(number + 1) << level`."""

    level: int
    number: int


class Span(NamedTuple):
    """Leaves from `begin` up to before `end`."""

    begin: int
    end: int


Read = Callable[[Place], bytes]
"""Gives the hash of a complete subtree."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of one entry."""
    return sha256(b"\0" + data).digest()


def leaf_hashes(entries: Iterable[bytes]) -> list[bytes]:
    """The same of many: a call for each would take as long as its hash."""
    return [sha256(b"\0" + data).digest() for data in entries]


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


class Growth:
    """The right edge of a tree: all that has to be kept to add leaves."""

    def __init__(self, size: int = 0, edge: Sequence[bytes] = ()) -> None:
        """`edge` are the hashes of `cover(Span(0, size))`."""
        self.size = size
        self._waiting: list[bytes | None] = []
        """By level: a complete subtree that has no right neighbour yet."""
        for place, found in zip(cover(Span(0, size)), edge, strict=True):
            self._wait(place.level, found)

    def _wait(self, level: int, found: bytes | None) -> None:
        self._waiting += [None] * (level + 1 - len(self._waiting))
        self._waiting[level] = found

    def extend(self, leaves: Sequence[bytes]) -> list[list[bytes]]:
        """Add hashes of leaves; gives, by level, the hashes of the subtrees that this completes."""
        self.size += len(leaves)
        completed: list[list[bytes]] = []
        fresh = list(leaves)
        while fresh:
            level = len(completed)
            completed.append(fresh)
            waiting = self._waiting[level] if level < len(self._waiting) else None
            row = fresh if waiting is None else [waiting, *fresh]
            self._wait(level, row[-1] if len(row) % 2 else None)
            pairs = zip(row[::2], row[1::2], strict=False)
            fresh = [sha256(b"\1" + left + right).digest() for left, right in pairs]
        return completed

    def root(self) -> bytes:
        """The hash of the whole tree."""
        return fold([found for found in reversed(self._waiting) if found is not None])


def fold(hashes: Sequence[bytes]) -> bytes:
    """The hash of neighbouring complete subtrees, the largest first."""
    if not hashes:
        return EMPTY
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def cover(span: Span) -> list[Place]:
    """The complete subtrees of a span that the RFC splits a tree into, the largest first."""
    begin, places = span.begin, []
    while begin < span.end:
        level = (span.end - begin).bit_length() - 1
        places.append(Place(level, begin >> level))
        begin += 1 << level
    return places


def inclusion(index: int, size: int) -> list[Span]:
    """The spans whose hashes prove that leaf `index` is in the tree of `size` leaves.

    Raises ValueError where it cannot be.
    """
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} in a tree of {size}")
    begin, end, path = 0, size, []
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append(Span(middle, end))
            end = middle
        else:
            path.append(Span(begin, middle))
            begin = middle
    return path[::-1]


def consistency(first: int, size: int) -> list[Span]:
    """The spans whose hashes prove that a tree of `size` only added to the one of `first` leaves.

    Raises ValueError where there is no such proof.
    """
    if not 0 < first <= size:
        raise ValueError(f"there is no proof from {first} to {size} leaves")
    begin, end, path = 0, size, []
    while first != end:
        middle = begin + _split(end - begin)
        if first <= middle:
            path.append(Span(middle, end))
            end = middle
        else:
            path.append(Span(begin, middle))
            begin = middle
    if begin > 0:
        path.append(Span(begin, end))
    return path[::-1]


def _split(width: int) -> int:
    """The largest power of two smaller than the width."""
    return 1 << (width - 1).bit_length() - 1


def proof(spans: Iterable[Span], read: Read) -> list[bytes]:
    """The hash of each span."""
    return [fold([read(place) for place in cover(span)]) for span in spans]


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path leads from a leaf's hash to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if place % 2 or place == last:
            found = node_hash(sibling, found)
            while place % 2 == 0 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(
    first: int, first_root: bytes, size: int, root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether the tree of `size` begins with the one of `first` leaves (RFC 9162, 2.1.4.2)."""
    if first == size:
        return not path and first_root == root
    if not 0 < first < size:
        return False
    way = list(path) if first & (first - 1) else [first_root, *path]
    if not way:
        return False
    place, last = first - 1, size - 1
    while place % 2:
        place, last = place >> 1, last >> 1
    old = new = way[0]
    for sibling in way[1:]:
        if last == 0:
            return False
        if place % 2 or place == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while place % 2 == 0 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and old == first_root and new == root
