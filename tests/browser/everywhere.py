"""Which pages are there? One of each kind, found by following links from page to page."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from html import unescape
from urllib.parse import urlsplit

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.testclient import TestClient

ENDLESS = {"/queue/live", "/complaints/{reference}/live"}
"""Streams of events, which no test could read to the end."""
_LINK = re.compile(r'(?:href|action|src)="(/[^"#]*)"')
_GAP = re.compile(r"\{(\w+)(:path)?\}")


class Rooms:
    """The kinds of pages there are: the paths of the routes that answer to GET, without the API."""

    def __init__(self, app: FastAPI) -> None:
        paths = [
            str(context.path) for context in iter_route_contexts(app.routes)
            if "GET" in (context.methods or ()) and not str(context.path).startswith("/api/")
        ]  # fmt: skip
        self._kinds = {path: re.compile(_GAP.sub("[^/]+", path)) for path in paths}

    def of(self, address: str) -> str:
        """The kind of page that an address leads to; nothing where it leads nowhere."""
        path = urlsplit(address).path
        if path in self._kinds:
            return path
        return next((kind for kind, form in self._kinds.items() if form.fullmatch(path)), "")

    def pages(self, client: TestClient, begin: Sequence[str] = ()) -> tuple[list[str], set[str]]:
        """The address of one page of each kind, and the kinds that nothing led to."""
        found: list[str] = []
        seen: set[str] = set()
        waiting = deque([*begin, *(kind for kind in self._kinds if "{" not in kind)])
        while waiting:
            address = waiting.popleft()
            kind = self.of(address)
            if not kind or kind in seen or kind in ENDLESS:
                continue
            answer = client.get(address, follow_redirects=False)
            if answer.status_code >= 400:
                continue
            seen.add(kind)
            waiting += [unescape(link) for link in _LINK.findall(answer.text)]
            waiting += [answer.headers["location"]] if answer.is_redirect else []
            if answer.status_code == 200 and answer.text.startswith("<!doctype html>"):
                found.append(address)
        return found, set(self._kinds) - seen - ENDLESS
