"""Which payments has the program that pays not taken yet, and when is each told again?

A worker claims one, tells it, and records that it was taken or never will be. Otherwise the claim
is kept as long as the payment has waited already, so that it is told after a minute, two, four, up
to every four hours: whatever dies in between, the other side drops what it has had by its id.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

import httpx2

from projections.payments import Payment, task, to_hand_over
from recovery import leases
from recovery.errors import Refused
from recovery.events import InBatch
from recovery.paying.batch import State
from recovery.paying.records import Instruction
from recovery.treasury import Treasury
from web.paying import making
from web.paying.connectors import Handed
from web.paying.webhook import Webhook, client
from web.runtime import Runtime

BY = "system:paymaster"
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(hours=4)
"""Between two attempts."""
AT_ONCE = 50
POLL = 1.0
"""Seconds between two looks."""
log = logging.getLogger("recovery.worker")


class Handing:
    """Tells a program of payments; any number may run at once."""

    def __init__(self, runtime: Runtime, *, way: Webhook, clock: Callable[[], datetime]) -> None:
        self._runtime = runtime
        self._way = way
        self._clock = clock
        self._treasury = Treasury(runtime.store)
        self._batch = lru_cache(maxsize=8)(self._loaded)
        self._holder = f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(4)}"

    @classmethod
    def of(
        cls, runtime: Runtime, *, clock: Callable[[], datetime],
        through: Callable[[], httpx2.Client] = client,
    ) -> Handing | None:  # fmt: skip
        """As the settings say; None where no program pays."""
        settings = runtime.settings
        if not settings.pay_webhook_url or not settings.pay_keys:
            return None
        way = Webhook(settings.pay_webhook_url, settings.pay_keys[0], through())
        return cls(runtime, way=way, clock=clock)

    def follow(self, stopping: threading.Event) -> None:
        """Work until told to stop."""
        while not stopping.wait(POLL):
            while self.step() and not stopping.is_set():
                pass

    def step(self) -> int:
        """One round; returns how many payments something became of."""
        with self._runtime.database.engine.connect() as conn:
            found = to_hand_over(conn, connector=Webhook.code, limit=AT_ONCE)
        return sum([self._take(row) for row in found])

    def _take(self, row: Payment) -> bool:
        """Whether it was taken, or never will be."""
        with self._runtime.database.connection() as conn:
            held = leases.claim(conn, task=task(row.payment), holder=self._holder,
                                time=self._pause(row))  # fmt: skip
        if not held or not self._still_waits(row):
            return False
        instruction = self._instruction(row)
        if instruction is None:
            self._fail(row, "forgotten")
            return True
        [handed] = self._way.hand_over(row.batch, [instruction], at=self._clock(), into=Path())
        return self._recorded(row, handed)

    def _still_waits(self, row: Payment) -> bool:
        """As the log has it: what somebody reported as failed may be on its way under another id,
        and both would be paid."""
        found = self._treasury.load(row.payout).state.payments[row.payment]
        return found.state == "instructed" and not found.accepted

    def _recorded(self, row: Payment, handed: Handed) -> bool:
        match handed.way:
            case "accepted":
                self._treasury.accept(
                    row.payout, by=BY, at=self._clock(), payment=row.payment, money=row.money
                )
            case "refused":
                self._fail(row, "refused_by_connector")
            case _:
                log.warning("payment %s is told again later: %s", row.payment, handed.words)
                return False
        return True

    def _fail(self, row: Payment, reason: str) -> None:
        try:
            self._treasury.fail(
                row.payout, by=BY, at=self._clock(), reason=reason, payment=row.payment,
                money=row.money,
            )  # fmt: skip
        except Refused as why:  # its answer came before
            log.warning("payment %s: %s", row.payment, why)

    def _pause(self, row: Payment) -> timedelta:
        waited = self._clock() - row.instructed_at if row.instructed_at else SHORTEST
        return min(max(waited, SHORTEST), LONGEST)

    def _instruction(self, row: Payment) -> Instruction | None:
        """What to tell; None where the account was forgotten."""
        state, members = self._batch(row.batch)
        return making.instruction_of(self._runtime, members[row.payment], state)

    def _loaded(self, batch: str) -> tuple[State, Mapping[str, InBatch]]:
        state = self._runtime.batching.load(batch).state
        return state, {each.payment: each for each in state.payouts}
