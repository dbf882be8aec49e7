"""Somebody at a browser without script: opens pages, fills in forms, sends them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from lxml import etree, html
from starlette.testclient import TestClient

from projections.health import wait_for
from web.runtime import Runtime

UNSEEN = {"script", "style", "template", etree.Comment}


class Page:
    """What the browser holds after a page arrived."""

    def __init__(self, response: Any) -> None:
        self.status: int = response.status_code
        self.address = str(response.url.raw_path, "ascii")
        self.html: str = response.text

    @cached_property
    def text(self) -> str:
        """The words of the page."""
        return " ".join(" ".join(_words(self._root)).split())

    @cached_property
    def forms(self) -> dict[str, dict[str, str]]:
        """By the path a form is sent to: its fields as they stand."""
        found: dict[str, dict[str, str]] = {}
        for form in self._root.iter("form"):
            found.setdefault(form.get("action"), {}).update(_fields(form))
        return found

    @cached_property
    def _root(self) -> Any:
        return html.document_fromstring(self.html or "<html></html>")


def _words(element: Any) -> Iterator[str]:
    if element.tag not in UNSEEN:
        yield element.text or ""
        for child in element:
            yield from _words(child)
            yield child.tail or ""


def _fields(form: Any) -> Iterator[tuple[str, str]]:
    for field in form.iter("input", "textarea", "select"):
        name = field.get("name", "")
        if field.tag == "textarea":
            yield name, (field.text or "").removeprefix("\n")
        elif field.tag == "select":
            yield from ((name, each.get("value")) for each in field.xpath(".//option[@selected]"))
        elif field.get("type") not in ("radio", "checkbox") or "checked" in field.attrib:
            yield name, field.get("value", "")


class Hands:
    """A person and their browser, who take their time: the projections are up with the log by then.

    Where a form leads to is opened at once, and has to show what the form has done by itself.
    """

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.page: Page | None = None

    def open(self, address: str, **headers: str) -> Page:
        self._take_time()
        self.page = Page(self.client.get(address, headers=headers, follow_redirects=True))
        return self.page

    def send(self, action: str, *, without: tuple[str, ...] = (), **fields: Any) -> Page:
        """Send the form of the page that is open, with the fields filled in."""
        assert self.page is not None
        self._take_time()
        found = {k: v for k, v in (self.page.forms[action] | fields).items() if k not in without}
        self.page = Page(self.client.post(action, data=found, follow_redirects=True))
        return self.page

    def _take_time(self) -> None:
        app: Any = self.client.app
        runtime: Runtime = app.state.runtime
        with runtime.database.engine.connect() as conn:
            reached = wait_for(conn, runtime.store.head(), timeout=0)
        if not reached:
            runtime.engine.catch_up()
