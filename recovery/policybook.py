"""How is a policy put in force, and how does a process learn what is in force?"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from recovery.database import Database
from recovery.errors import Refused
from recovery.events import POLICY_EVENTS, Adopted, Applied, Event, Recorded, Retired, policy_stream
from recovery.mapper import decode
from recovery.policy.adopt import adoption, house_policy
from recovery.policy.library import InForce, Policies
from recovery.store import Conflict, Store

OpenComplaints = Literal["keep", "follow"]
"""Whether complaints that are open keep the version they were received under, or follow."""


def learn(database: Database, policies: Policies) -> None:
    """Take note of what was adopted, applied or retired since, by whatever process."""
    with database.connection() as conn:
        rows = conn.execute(
            "select topic, state, notification_id from desk.events"
            " where originator_id >= 'policy-' and originator_id < 'policy.'"
            " and notification_id > %s order by notification_id",
            (policies.position,),
            prepare=True,
        ).fetchall()
    for topic, state, position in rows:
        event = decode(topic, state)
        assert type(event) in POLICY_EVENTS
        policies.apply(event, position)  # type: ignore[arg-type]


def in_force(store: Store, policies: Policies, policy: str) -> InForce:
    """The policy as it is now, whoever adopted it; raises NotFound."""
    learn(store.database, policies)
    return policies.in_force(policy)


def adopt(
    store: Store, policies: Policies, text: str, *, by: str, at: datetime, reason: str,
    open_complaints: OpenComplaints = "keep",
) -> Adopted:  # fmt: skip
    """Put a policy in force.

    Raises PolicyError when it cannot be used, and Refused when it is in force as it stands.
    """
    event = adoption(text, by=by, at=at, reason=reason)
    learn(store.database, policies)
    if policies.latest(event.policy) == event.version:
        raise Refused("This policy is in force already, word for word.")
    events: list[Event] = [event]
    if open_complaints == "follow":
        events.append(
            Applied(at=at, by=by, policy=event.policy, version=event.version, reason=reason)
        )
    _append(store, policies, event.policy, events)
    return event


def apply(
    store: Store, policies: Policies, policy: str, *, by: str, at: datetime, reason: str
) -> Applied:
    """Let complaints that are open under earlier versions follow the one in force."""
    version = in_force(store, policies, policy).version
    event = Applied(at=at, by=by, policy=policy, version=version, reason=reason)
    _append(store, policies, policy, [event])
    return event


def retire(
    store: Store, policies: Policies, policy: str, *, by: str, at: datetime, reason: str
) -> Retired:
    """Let a policy start no more clocks; raises NotFound where it is not in force."""
    in_force(store, policies, policy)
    event = Retired(at=at, by=by, policy=policy, reason=reason)
    _append(store, policies, policy, [event])
    return event


def _append(store: Store, policies: Policies, policy: str, events: list[Event]) -> None:
    """Raises Refused when somebody else changed the policy meanwhile."""
    stream = policy_stream(policy)
    version = len(store.records(stream))
    try:
        store.append([Recorded(stream, version + n, event) for n, event in enumerate(events, 1)])
    except Conflict:
        raise Refused(
            "Somebody else changed this policy at the same moment. Look at it again first."
        ) from None
    learn(store.database, policies)


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
    except Refused:
        learn(store.database, policies)
