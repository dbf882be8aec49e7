"""Which projections are there?"""

from __future__ import annotations

from typing import Any

from projections import (
    case,
    clocks,
    cycles,
    deliveries,
    entitlements,
    ledger,
    payouts,
    queue,
    search,
)
from projections.table import Projection

PROJECTIONS: tuple[Projection[Any], ...] = (
    queue.PROJECTION,
    search.PROJECTION,
    clocks.PROJECTION,
    case.PROJECTION,
    deliveries.PROJECTION,
    cycles.PROJECTION,
    entitlements.PROJECTION,
    payouts.PROJECTION,
    ledger.PROJECTION,
)
