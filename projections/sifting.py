"""Which of a long list fits a filter, when nobody knows whether much fits or little?

An index that has the list in its order finds the first fifty at once where much fits, and walks
through all of it, row by row from everywhere on the disk, where little does: half a minute for a
million complaints. So the beginning of the list is looked through in its order; only where too few
of those fit is the whole table read once, and what fits is sorted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

LOOKED_THROUGH = 10_000
"""Rows, before the whole table is read."""


def sifted(
    listed: sa.Select[Any], fits: sa.ColumnElement[bool], *, at: sa.ColumnElement[Any],
    reference: sa.ColumnElement[str], latest_first: bool, enough: sa.ColumnElement[int],
) -> sa.CompoundSelect[Any]:  # fmt: skip
    """The first references that fit; `listed` selects those of the list, in no order."""
    places = _places(at, reference, latest_first)
    end = sa.literal_column("'-infinity'" if latest_first else "'infinity'", at.type)
    edge = (
        listed.with_only_columns(at).order_by(*places).offset(_number(LOOKED_THROUGH))
        .limit(_number(1)).correlate(None).scalar_subquery()
    )  # fmt: skip
    last = sa.func.coalesce(edge, end)
    near = (
        listed.where(fits, at >= last if latest_first else at <= last)
        .order_by(*places).limit(enough).cte("near").prefix_with("MATERIALIZED")
    )  # fmt: skip
    number = sa.select(sa.func.count()).select_from(near).scalar_subquery()
    every = (
        listed.add_columns(at.label("place")).where(fits, number < enough)
        .cte("every").prefix_with("MATERIALIZED")
    )  # fmt: skip
    order = _places(every.c.place, every.c.reference, latest_first)
    first = sa.select(every.c.reference).order_by(*order).limit(enough).subquery("first")
    return sa.union_all(
        sa.select(near.c.reference).where(number >= enough), sa.select(first.c.reference)
    )


def _places(
    at: sa.ColumnElement[Any], reference: sa.ColumnElement[str], latest_first: bool
) -> Sequence[sa.ColumnElement[Any]]:
    return (at.desc(), reference.desc()) if latest_first else (at, reference)


def _number(number: int) -> sa.ColumnElement[int]:
    return sa.literal_column(str(number), sa.Integer)
