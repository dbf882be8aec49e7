"""What does the worker do about mail that came in?"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from web.mail.intake.returns import Returns
from web.mail.intake.taking import Intake

if TYPE_CHECKING:
    from web.runtime import Runtime

POLL = 0.5
"""Seconds between two looks for work."""


def follow(runtime: Runtime, stopping: threading.Event, *, clock: Callable[[], datetime]) -> None:
    """Settle what was stored, and mark acts whose letters were lost, until told to stop."""
    intake = Intake.of(runtime, clock=clock)
    returns = Returns(runtime.store, runtime.vault, clock=clock)
    while not stopping.wait(POLL):
        while intake.step() and not stopping.is_set():
            pass
        returns.step()
