"""How does a refused policy say where it is wrong and what would be right?"""

from __future__ import annotations

import difflib

from recovery.errors import Invalid
from recovery.policy.values import quoted


class PolicyError(Invalid):
    """A policy's text cannot be used; the sentence says where, and what would be right."""

    def __init__(
        self, message: str, *, field: str = "", tables: tuple[tuple[str, str], ...] = ()
    ) -> None:
        super().__init__(message, field=field)
        self.tables = tables
        """The tables that lead to the key, outermost first, each with its name."""


class Place:
    """Where in a policy file a sentence points to: the file, then each table by its name."""

    def __init__(self, file: str, *tables: tuple[str, str]) -> None:
        self._file = file
        self._tables = tables

    def at(self, kind: str, name: str) -> Place:
        return Place(self._file, *self._tables, (kind, name))

    def error(self, key: str, value: object, why: str) -> PolicyError:
        """For example: policy house.toml, clock "explain": within = "5 weks": unknown unit …"""
        given = "" if value is None else f" = {_shown(value)}"
        words = (f"policy {self._file}", *(_named(*each) for each in self._tables))
        return PolicyError(
            f"{', '.join(words)}: {key}{given}: {why}", field=key, tables=self._tables
        )


def _named(kind: str, name: str) -> str:
    return f'{kind} "{name}"' if name else kind


def suggestion(given: str, known: tuple[str, ...]) -> str:
    """The way out of a wrong name: "did you mean …", or all there are."""
    near = difflib.get_close_matches(given, known, n=1)
    return f'did you mean "{near[0]}"?' if near else f"use one of {quoted(known)}"


def _shown(value: object) -> str:
    """A value as it stands in a TOML file, cut where it is long."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        shown = f'"{value}"'
    elif isinstance(value, list | tuple):
        shown = f"[{', '.join(_shown(item) for item in value)}]"
    elif isinstance(value, dict):
        shown = "{" + ", ".join(f"{key} = {_shown(item)}" for key, item in value.items()) + "}"
    else:
        shown = str(value)
    return shown if len(shown) <= 80 else shown[:77] + "..."
