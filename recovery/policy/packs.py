"""Which policies come with the desk, and what do their own examples say?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files

from recovery.errors import NotFound, RecoveryError
from recovery.policy.adopt import draft
from recovery.policy.compiled import InForce
from recovery.policy.examples import Result, try_example
from recovery.policy.records import Example
from recovery.policy.sentences import suggestion


@cache
def packs() -> Mapping[str, str]:
    """The text of each, by its policy's id."""
    folder = files("recovery").joinpath("policies")
    found = (file for file in folder.iterdir() if file.name.endswith(".toml"))
    return {
        file.name.removesuffix(".toml"): file.read_text(encoding="utf-8")
        for file in sorted(found, key=lambda file: file.name)
    }


def pack_text(policy: str) -> str:
    """Raises NotFound."""
    try:
        return packs()[policy]
    except KeyError:
        raise NotFound(
            f'No policy "{policy}" comes with the desk ({suggestion(policy, tuple(packs()))}).'
        ) from None


def try_all(examples: Iterable[Example], now: datetime) -> Iterator[Result]:
    """Each on the pack that it names; one that no pack understands does not come out."""
    versions: dict[str, InForce] = {}
    for example in examples:
        policy = example.pack.partition("@")[0]
        try:
            if policy not in versions:
                versions[policy] = draft(pack_text(policy), at=now, file=policy).version
            yield try_example(versions[policy], example, now)
        except RecoveryError as error:
            yield Result(example.id, False, {"error": str(error)}, example.expect)
