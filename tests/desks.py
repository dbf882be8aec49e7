"""A whole desk on a test's database: store, vault, policies, engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from projections.all import PROJECTIONS
from projections.engine import Engine
from recovery.database import Database
from recovery.desk import Desk, reference_of
from recovery.policy.library import Policies
from recovery.policybook import ensure_house_policy
from recovery.store import Store
from recovery.vault import Contact, Vault
from tests.cast import ANA, NINE

MR_LEE = Contact(name="Mr Lee", email="lee@example.org", phone="+44 20 7946 0000")


@dataclass(frozen=True)
class TestDesk:
    """What tests need in one hand."""

    __test__ = False
    desk: Desk
    engine: Engine
    store: Store
    vault: Vault
    policies: Policies

    @classmethod
    def on(cls, database: Database, vault: Vault) -> TestDesk:
        store, policies = Store(database), Policies()
        desk = Desk(store, vault, policies, salt=b"salt")
        engine = Engine(database, vault, policies, PROJECTIONS)
        engine.ensure()
        ensure_house_policy(store, policies, at=NINE, vault=vault)
        return cls(desk, engine, store, vault, policies)

    def receive(self, *, at: datetime = NINE, **more: Any) -> str:
        """A complaint of Mr Lee's; returns its reference."""
        said: dict[str, Any] = {
            "description": "My parcel never came.", "subject": "Lost parcel", "contact": MR_LEE,
        } | more  # fmt: skip
        return reference_of(self.desk.receive(by=ANA, at=at, **said))
