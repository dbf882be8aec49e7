"""How is the garbage collector kept out of the way of pages and of work by the thousand?"""

from __future__ import annotations

import gc

COLLECT_AFTER = 50_000
"""Objects made and not yet gone; Python's own 700 has a worker look through everything it just read
again and again."""


def keep_what_is_loaded() -> None:
    """Spare the collector half a million objects that stay: a page would have to wait for it."""
    gc.collect()
    gc.freeze()


def collect_rarely() -> None:
    """For work by the thousand: what is read in one round is gone after it, and makes no cycles."""
    keep_what_is_loaded()
    gc.set_threshold(COLLECT_AFTER)
