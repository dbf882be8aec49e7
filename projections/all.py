"""Which projections are there?"""

from __future__ import annotations

from typing import Any

from projections import case, clocks, cycles, deliveries, queue, search
from projections.table import Projection

PROJECTIONS: tuple[Projection[Any], ...] = (
    queue.PROJECTION,
    search.PROJECTION,
    clocks.PROJECTION,
    case.PROJECTION,
    deliveries.PROJECTION,
    cycles.PROJECTION,
)
