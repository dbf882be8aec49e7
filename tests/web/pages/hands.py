"""Somebody at a browser without script: opens pages, fills in forms, sends them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from starlette.testclient import TestClient

from projections.health import wait_for
from web.runtime import Runtime

VOID = {"input", "meta", "link", "br", "hr", "use", "path", "circle"}


class Page(HTMLParser):
    """What the browser holds after a page arrived."""

    def __init__(self, response: Any) -> None:
        super().__init__()
        self.status: int = response.status_code
        self.address = str(response.url.raw_path, "ascii")
        self.html: str = response.text
        self.forms: dict[str, dict[str, str]] = {}
        """By the path a form is sent to: its fields as they stand."""
        self._form: dict[str, str] | None = None
        self._area = self._select = ""
        self._words: list[str] = []
        self._hidden = 0
        self.feed(self.html)

    @property
    def text(self) -> str:
        """The words of the page."""
        return " ".join(" ".join(self._words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        name = found.get("name", "")
        if tag == "form":
            self._form = self.forms.setdefault(found["action"], {})
        elif tag in ("script", "style", "template"):
            self._hidden += 1
        elif self._form is not None and tag == "input":
            if found.get("type") not in ("radio", "checkbox") or "checked" in found:
                self._form[name] = found.get("value", "")
        elif tag == "textarea":
            self._area = name
            if self._form is not None:
                self._form[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._form is not None and "selected" in found:
            self._form[self._select] = found["value"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            if self._form is not None:
                self._form[self._area] = self._form[self._area].removeprefix("\n")
            self._area = ""
        elif tag in ("script", "style", "template"):
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        if self._area and self._form is not None:
            self._form[self._area] += data
        if not self._hidden:
            self._words.append(data)


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
