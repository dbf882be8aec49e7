"""How is a policy put in force, and how does a process learn what is in force?"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, cast

from msgspec.structs import replace

from recovery.database import Database
from recovery.errors import Invalid, Refused
from recovery.events import Adopted, Applied, Event, Recorded, Retired, policy_stream
from recovery.mapper import decode
from recovery.policy.adopt import adoption, house_policy
from recovery.policy.guarantees.design import Answers
from recovery.policy.library import InForce, Policies
from recovery.policy.schema import parse
from recovery.sealing import Sealer
from recovery.store import Conflict, Store
from recovery.vault import Vault, read

COMES_ALONG = "Nobody was asked yet: this policy came along with the desk."
"""The answer to each of the six situations that speak against offering a guarantee."""
PolicyEvent = Adopted | Applied | Retired
OpenComplaints = Literal["keep", "follow"]
"""Whether complaints that are open keep the version they were received under, or follow."""


class Overtaken(Refused):
    """Somebody else changed the policy since the version that was seen."""


def learn(database: Database, policies: Policies) -> None:
    """Take note of what was adopted, applied or retired since, by whatever process."""
    for position, event in acts(database, after=policies.position):
        policies.apply(event, position)


def acts(database: Database, *, after: int = 0) -> list[tuple[int, PolicyEvent]]:
    """What was done to policies after a position of the log, with the position of each."""
    with database.connection() as conn:
        rows = conn.execute(
            "select notification_id, topic, state from desk.events"
            " where originator_id >= 'policy-' and originator_id < 'policy.'"
            " and notification_id > %s order by notification_id",
            (after,),
            prepare=True,
        ).fetchall()
    return [(row[0], cast("PolicyEvent", decode(row[1], row[2]))) for row in rows]


def in_force(store: Store, policies: Policies, policy: str) -> InForce:
    """The policy as it is now, whoever adopted it; raises NotFound."""
    learn(store.database, policies)
    return policies.in_force(policy)


def adopt(
    store: Store, policies: Policies, text: str, *, by: str, at: datetime, reason: str,
    open_complaints: OpenComplaints = "keep", seen: str | None = None,
    answers: Answers | None = None, vault: Vault | None = None,
) -> Adopted:  # fmt: skip
    """Put a policy in force.

    `answers` say why its guarantees are offered, for the vault.

    `seen` is the version that was in force when the text was written, empty where there was none.
    Raises PolicyError when it cannot be used, and Refused when it is in force as it stands or when
    another version than the one seen is.
    """
    event = adoption(text, by=by, at=at, reason=reason)
    recorded = len(store.records(policy_stream(event.policy)))
    learn(store.database, policies)
    latest = policies.latest(event.policy)
    if seen is not None and latest != (seen or None):
        raise _overtaken()
    if latest == event.version:
        raise Refused("This policy is in force already, word for word.")
    papers = None
    if answers is not None and vault is not None:
        papers = Sealer(store, vault, policy_stream(event.policy))
        event = replace(event, answers=papers.seal(answers))
    events: list[Event] = [event]
    if open_complaints == "follow":
        events.append(
            Applied(at=at, by=by, policy=event.policy, version=event.version, reason=reason)
        )
    _append(store, policies, event.policy, events, after=recorded, papers=papers)
    return event


def answers_to(rules_of: str, answers: Answers) -> Answers:
    """The answers that go with a text; raises Invalid where its guarantees lack one."""
    found = answers.cleaned()
    if found.unanswered and any(version.guarantees for version in parse(rules_of).versions):
        raise Invalid(
            "Answer this before you offer a guarantee: it is recorded with the adoption.",
            field=found.unanswered[0],
        )
    return found


def answers_in(database: Database, vault: Vault, adopted: Adopted) -> Answers | None:
    """Why the guarantees of an adopted version are offered, where that was recorded."""
    if adopted.answers is None:
        return None
    with database.connection() as conn:
        opened = vault.open_many(conn, [adopted.answers.paper])
    return read(opened, adopted.answers, Answers)


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


def _append(
    store: Store, policies: Policies, policy: str, events: list[Event], *,
    after: int | None = None, papers: Sealer | None = None,
) -> None:  # fmt: skip
    """Write the events after so many others; raises Refused when there are more by now."""
    stream = policy_stream(policy)
    version = len(store.records(stream)) if after is None else after
    try:
        store.append(
            [Recorded(stream, version + n, event) for n, event in enumerate(events, 1)],
            keys=papers.keys if papers else (), papers=papers.papers if papers else (),
        )  # fmt: skip
    except Conflict:
        raise _overtaken() from None
    learn(store.database, policies)


def _overtaken() -> Overtaken:
    return Overtaken(
        "Somebody else changed this policy meanwhile. Look at what is in force now first."
    )


def ensure_house_policy(
    store: Store, policies: Policies, *, at: datetime, vault: Vault | None = None
) -> None:
    """Adopt the house policy on a new desk; several processes may try at once."""
    if store.records(policy_stream("house")):
        learn(store.database, policies)  # another process may have been first just now
        return
    try:
        adopt(
            store, policies, house_policy(), by="system:setup", at=at,
            reason="The desk was set up with its house policy.", answers=Answers.all(COMES_ALONG),
            vault=vault,
        )  # fmt: skip
    except Refused:
        learn(store.database, policies)
