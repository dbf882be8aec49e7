"""What was the queue asked for? It stands in the address, so it can be kept and passed on."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

import msgspec
from msgspec.structs import replace

from projections import filters, views
from projections.views import View
from web.pages.viewer import Viewer
from web.pages.words import LABELS, labeller

OURS = frozenset({"view", "q", "sort", "group", "cursor"})
KNOWN = frozenset({*filters.FIELDS, *filters.OTHERS})
LABELLED = {"wish": "desired", "clock": "due_state"}
"""Filters whose codes have another kind's words."""
LONGEST = 200


class Chip(msgspec.Struct, frozen=True):
    """A filter that is on, and the address without it."""

    words: str
    without: str


class Asked(msgspec.Struct, frozen=True):
    """A question to the queue."""

    view: View = "open"
    q: str = ""
    filters: Mapping[str, str] = {}
    sort: str = "due"
    group: str = ""
    cursor: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Asked:
        """From an address or a form; what is empty or unknown to us is left out."""
        found = {name: value.strip()[:LONGEST] for name, value in given.items()}
        words = found.get("q", "")
        chosen = {n: v for n, v in found.items() if v and (n in KNOWN or _is_attribute(n))}
        if (name := found.get("attribute_name")) and (value := found.get("attribute_value")):
            chosen[filters.ATTRIBUTE + name] = value
        view = next((v for v in views.VIEWS if v == found.get("view")), "all" if words else "open")
        sort, group = found.get("sort", ""), found.get("group", "")
        return cls(
            view=view, q=words, filters=chosen, cursor=found.get("cursor", ""),
            sort=sort if sort in views.SORTS else "due",
            group=group if group in views.GROUPS else "",
        )  # fmt: skip

    @classmethod
    def parse(cls, query: str) -> Asked:
        """From what stands in an address after the question mark."""
        return cls.of(dict(parse_qsl(query[: 10 * LONGEST])))

    @property
    def query(self) -> str:
        """For the address; without what goes without saying."""
        usual = Asked(view="all" if self.q else "open")
        asked = {
            "view": self.view, "q": self.q, "sort": self.sort, "group": self.group,
            "cursor": self.cursor,
        }  # fmt: skip
        said = {n: v for n, v in asked.items() if v and v != getattr(usual, n)}
        if not self.q:
            said = {"view": self.view} | said
        return urlencode(said | dict(sorted(self.filters.items())))

    @property
    def address(self) -> str:
        return f"/queue?{self.query}"

    def at(self, cursor: str) -> Asked:
        return replace(self, cursor=cursor)

    def sorted(self, sort: str) -> str:
        """The address of the same, sorted otherwise."""
        return replace(self, sort=sort, cursor="").address

    def chips(self, people: Mapping[str, str], viewer: Viewer) -> list[Chip]:
        return [
            Chip(f"{field}: {value}", self._without(name))
            for name in sorted(self.filters)
            for field, value in [told(name, self.filters[name], people, viewer)]
        ]

    def _without(self, name: str) -> str:
        left = {n: v for n, v in self.filters.items() if n != name}
        return replace(self, filters=left, cursor="").address


def _is_attribute(name: str) -> bool:
    return name.startswith(filters.ATTRIBUTE) and name != filters.ATTRIBUTE


def told(name: str, value: str, people: Mapping[str, str], viewer: Viewer) -> tuple[str, str]:
    """A filter's field and value in words."""
    label = labeller(viewer.language)
    if _is_attribute(name):
        return label("attribute", name.removeprefix(filters.ATTRIBUTE)), value
    field = label("field", name)
    if name == "assignee":
        return field, people.get(value) or label("due_state", value)
    kind = LABELLED.get(name, name)
    return field, label(kind, value) if kind in LABELS else value
