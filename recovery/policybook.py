"""How is a policy put in force, and how does a process learn what is in force?"""

from __future__ import annotations

from datetime import datetime

from recovery.database import Database
from recovery.events import Adopted, Recorded, Retired, policy_stream
from recovery.mapper import decode
from recovery.policy.adopt import adoption, house_policy
from recovery.policy.library import Policies
from recovery.store import Conflict, Store


def learn(database: Database, policies: Policies) -> None:
    """Read every policy that was ever adopted or retired."""
    with database.connection() as conn:
        rows = conn.execute(
            "select topic, state from desk.events"
            " where originator_id >= 'policy-' and originator_id < 'policy.'"
            " order by notification_id"
        ).fetchall()
    for topic, state in rows:
        event = decode(topic, state)
        assert isinstance(event, Adopted | Retired)
        policies.apply(event)


def adopt(
    store: Store, policies: Policies, text: str, *, by: str, at: datetime, reason: str
) -> Adopted:
    """Put a policy in force; raises PolicyError when it cannot be used."""
    event = adoption(text, by=by, at=at, reason=reason)
    stream = policy_stream(event.policy)
    store.append([Recorded(stream, len(store.records(stream)) + 1, event)])
    policies.apply(event)
    return event


def ensure_house_policy(store: Store, policies: Policies, *, at: datetime) -> None:
    """Adopt the house policy on a new desk; several processes may try at once."""
    if store.records(policy_stream("house")):
        learn(store.database, policies)  # another process may have been first just now
        return
    try:
        adopt(
            store, policies, house_policy(), by="system:setup", at=at,
            reason="The desk was set up with its house policy.",
        )  # fmt: skip
    except Conflict:
        learn(store.database, policies)
