"""Which projections are there?"""

from __future__ import annotations

from typing import Any

from projections import (
    answers,
    areas,
    audits,
    batched,
    batches,
    case,
    claims,
    clocks,
    concerned,
    cycles,
    deliveries,
    entitlements,
    fairness,
    ledger,
    mentions,
    payees,
    payments,
    payouts,
    precedents,
    quality,
    queue,
    refusals,
    search,
    standing,
    statements,
)
from projections.table import Projection

PROJECTIONS: tuple[Projection[Any], ...] = (
    queue.PROJECTION,
    search.PROJECTION,
    clocks.PROJECTION,
    case.PROJECTION,
    deliveries.PROJECTION,
    refusals.PROJECTION,
    cycles.PROJECTION,
    entitlements.PROJECTION,
    payouts.PROJECTION,
    ledger.PROJECTION,
    precedents.PROJECTION,
    payees.PROJECTION,
    claims.PROJECTION,
    batches.PROJECTION,
    batched.PROJECTION,
    payments.PROJECTION,
    answers.PROJECTION,
    statements.PROJECTION,
    fairness.PROJECTION,
    areas.PROJECTION,
    audits.PROJECTION,
    standing.PROJECTION,
    quality.PROJECTION,
    mentions.PROJECTION,
    concerned.PROJECTION,
)
