"""Which policies have been adopted, and which version of each is in force?

Filled from the events of the policy books alone: neither the file a policy came from nor today's
holiday package can change what was adopted.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import msgspec

from recovery.errors import NotFound
from recovery.events import Adopted, Applied, Retired
from recovery.policy.compiled import NONE, InForce, compile_policy
from recovery.policy.schema import parse

__all__ = ["NONE", "InForce", "Policies"]


REMEMBERED = 64
"""Policies of this process; desks that are opened again need not read their texts again."""


class Application(NamedTuple):
    """A version that complaints follow which were open under earlier ones."""

    version: str
    older: frozenset[str]
    at: datetime


class Policies:
    """Adopted policies by id and version.

    Events are applied by one thread; any number may read meanwhile: the mappings are replaced,
    never changed.
    """

    def __init__(self, learn: Callable[[Policies], None] = lambda _: None) -> None:
        """`learn` is called for a version not known here: another process may have adopted it."""
        self._learn = learn
        self._adopted: dict[tuple[str, str], InForce] = {(NONE.policy, NONE.version): NONE}
        self._latest: dict[str, InForce] = {NONE.policy: NONE}
        self._history: dict[str, tuple[str, ...]] = {}
        self._applied: dict[str, Application] = {}
        self.position = 0
        """Of the last event of the log that was taken note of."""

    def apply(self, event: Adopted | Applied | Retired, position: int = 0) -> None:
        """Take note of what a supervisor did; of an event of the log only once, in its order."""
        if 0 < position <= self.position:
            return
        match event:
            case Adopted():
                self._adopt(event)
            case Applied():
                self._apply(event)
            case Retired():
                self._latest = {k: v for k, v in self._latest.items() if k != event.policy}
        self.position = max(self.position, position)

    def _adopt(self, event: Adopted) -> None:
        key = (event.policy, event.version)
        if key not in self._adopted:
            self._adopted = {**self._adopted, key: _ready(msgspec.msgpack.encode(event))}
        self._latest = {**self._latest, event.policy: self._adopted[key]}
        before = tuple(v for v in self._history.get(event.policy, ()) if v != event.version)
        self._history = {**self._history, event.policy: (*before, event.version)}

    def latest(self, policy: str) -> str | None:
        """The version in force, if there is one."""
        found = self._latest.get(policy)
        return found.version if found else None

    def _apply(self, event: Applied) -> None:
        history = self._history.get(event.policy, ())
        older = frozenset(history[: history.index(event.version)])
        assert event.at is not None
        found = Application(event.version, older, event.at)
        self._applied = {**self._applied, event.policy: found}

    def applied(self) -> dict[str, Application]:
        """By policy: what was applied to open complaints last."""
        return self._applied

    def version(self, policy: str, version: str) -> InForce:
        """What a complaint's clocks are bound to, in force or not; raises NotFound."""
        if (policy, version) not in self._adopted:
            self._learn(self)
        try:
            return self._adopted[policy, version]
        except KeyError:
            raise NotFound(
                f'Version "{version}" of policy "{policy}" has not been adopted here.'
            ) from None

    def in_force(self, policy: str) -> InForce:
        """The version adopted last; raises NotFound where there is none or it was retired."""
        try:
            return self._latest[policy]
        except KeyError:
            known = ", ".join(f'"{name}"' for name in sorted(self._latest))
            raise NotFound(f'No policy "{policy}" is in force (in force: {known}).') from None


@lru_cache(REMEMBERED)
def _ready(told: bytes) -> InForce:
    """The policy of an Adopted, told as msgpack: all that it says, for nothing else is asked."""
    event = msgspec.msgpack.decode(told, type=Adopted)
    policy = parse(event.text, file=event.policy)
    return compile_policy(policy, event.version, event.holidays, event.working_days)
