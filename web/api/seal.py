"""How does a program prove to somebody else that nothing in the log was changed?

Hashes, keys and signatures are base64; positions count from 1, as everywhere in this API.
"""

from __future__ import annotations

from base64 import b64encode
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from projections import seal
from recovery import merkle
from recovery.errors import Invalid, NotFound
from recovery.merkle import Span
from recovery.seal import Head
from web.api.calls import answer
from web.deps import Desk, reads

router = APIRouter(prefix="/seal", tags=["seal"], dependencies=[Depends(reads)])
Size = Annotated[int, Query(ge=1, lt=2**62)]


@router.get("/heads")
def heads(
    desk: Desk, after: Annotated[int, Query(ge=0, lt=2**62)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:  # fmt: skip
    """The signed heads over more than `after` events, the smallest first; and the newest."""
    with desk.database.connection() as conn:
        found = seal.heads(conn, after=after, limit=limit + 1)
        last = seal.last_head(conn)
    cursor = found[limit - 1].size if len(found) > limit else None
    return answer({
        "heads": [told(head) for head in found[:limit]], "cursor": cursor,
        "newest": told(last) if last else None,
    })  # fmt: skip


@router.get("/proof")
def proof(desk: Desk, position: Size, size: Size | None = None) -> Response:
    """That the event at a position is in the log of `size` events (of the newest head)."""
    with desk.database.connection() as conn:
        head = _head(seal.last_head(conn) if size is None else _of_size(conn, size))
        if position > head.size:
            raise NotFound(f"There is no sealed event at position {position} under that head.")
        leaf = seal.leaves(conn, Span(position - 1, position))[0]
        path = seal.proof(conn, merkle.inclusion(position - 1, head.size))
    return answer({
        "position": position, "leaf_hash": text(leaf), "path": [text(each) for each in path],
        "head": told(head),
    })  # fmt: skip


@router.get("/consistency")
def consistency(
    desk: Desk, since: Annotated[int, Query(alias="from", ge=1, lt=2**62)],
    to: Annotated[int | None, Query(ge=1, lt=2**62)] = None,
) -> Response:  # fmt: skip
    """That the log of `to` events (of the newest head) begins with the log of `from` events."""
    with desk.database.connection() as conn:
        first = _head(_of_size(conn, since))
        second = _head(seal.last_head(conn) if to is None else _of_size(conn, to))
        if first.size > second.size:
            raise Invalid("The first head is the larger one.", field="from")
        path = seal.proof(conn, merkle.consistency(first.size, second.size))
    return answer({"from": told(first), "to": told(second), "path": [text(each) for each in path]})


def told(head: Head) -> dict[str, Any]:
    """A head, and its note: what was signed, with the signature."""
    return {
        "size": head.size, "root": text(head.root), "signed_at": head.signed_at,
        "name": head.name, "key": text(head.key), "note": head.note,
    }  # fmt: skip


def text(raw: bytes) -> str:
    return b64encode(raw).decode()


def _of_size(conn: Any, size: int) -> Head | None:
    found = seal.head_over(conn, size)
    return found if found and found.size == size else None


def _head(found: Head | None) -> Head:
    if found is None:
        raise NotFound("No head of that size was signed; /api/v1/seal/heads lists them.")
    return found
