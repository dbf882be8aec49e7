"""Which policies have been adopted, and which version of each is in force?

Filled from the events of the policy books alone: neither the file a policy came from nor today's
holiday package can change what was adopted.
"""

from __future__ import annotations

from recovery.errors import NotFound
from recovery.events import Adopted, Retired
from recovery.policy.compiled import NONE, InForce, compile_policy
from recovery.policy.schema import parse

__all__ = ["NONE", "InForce", "Policies"]


class Policies:
    """Adopted policies by id and version.

    Events are applied by one thread; any number may read meanwhile: the two mappings are replaced,
    never changed.
    """

    def __init__(self) -> None:
        self._adopted: dict[tuple[str, str], InForce] = {(NONE.policy, NONE.version): NONE}
        self._latest: dict[str, InForce] = {NONE.policy: NONE}

    def apply(self, event: Adopted | Retired) -> None:
        """Take note of what a supervisor did; applying an event once more changes nothing."""
        if isinstance(event, Retired):
            self._latest = {k: v for k, v in self._latest.items() if k != event.policy}
            return
        key = (event.policy, event.version)
        if key not in self._adopted:
            policy = parse(event.text, file=event.policy)
            found = compile_policy(policy, event.version, event.holidays, event.working_days)
            self._adopted = {**self._adopted, key: found}
        self._latest = {**self._latest, event.policy: self._adopted[key]}

    def version(self, policy: str, version: str) -> InForce:
        """What a complaint's clocks are bound to, in force or not; raises NotFound."""
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
