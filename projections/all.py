"""Which projections are there?"""

from __future__ import annotations

from typing import Any

from projections import case, clocks, deliveries, queue, search
from projections.table import Projection

PROJECTIONS: tuple[Projection[Any], ...] = (
    queue.PROJECTION,
    case.PROJECTION,
    clocks.PROJECTION,
    deliveries.PROJECTION,
    search.PROJECTION,
)
