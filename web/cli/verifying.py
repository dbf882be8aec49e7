"""Does everything follow from the log, and do the books balance?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from web.cli.output import AsJson, as_json, catch_up, progress, say

if TYPE_CHECKING:
    from projections.ledger import Unbalanced
    from projections.rebuild import Comparison


def verify(json: AsJson = False) -> None:
    """Fold the log again and compare; add up the ledger of payouts. Exit 1 where it differs."""
    from projections import ledger, rebuild
    from web.runtime import Runtime
    from web.settings import load

    with Runtime.open(load()) as runtime:
        catch_up(runtime)
        with progress("events") as bar:
            compared = rebuild.check(runtime.engine, progress=bar)
        with runtime.database.engine.connect() as conn:
            balances, wrong = ledger.balances(conn), ledger.unbalanced(conn)
    holds = not wrong and all(each.identical for each in compared)
    if json:
        as_json({
            "holds": holds, "projections": compared, "balances": balances, "unbalanced": wrong,
        })  # fmt: skip
    else:
        _tell(compared, wrong)
    if not holds:
        sys.exit(1)


def _tell(compared: list[Comparison], wrong: list[Unbalanced]) -> None:
    for each in compared:
        if not each.identical:
            keys = ", ".join(each.first_differences)
            say(f"{each.name}: rows do not follow from the log ({keys})")
    for found in wrong:
        say(
            f"payout {found.payout}: its entries up to position {found.position}"
            " come to something else than its state"
        )
    rows = sum(each.live_rows for each in compared)
    if not wrong and all(each.identical for each in compared):
        say(f"{rows:,} rows follow from the log, and the ledger of payouts balances.")
