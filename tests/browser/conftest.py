"""A real Chromium in front of a real server with its worker loops."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.following import followed
from tests.web.conftest import app, people, runtime, settings  # noqa: F401
from web.mail.post import Post
from web.runtime import Runtime

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
NAMES = (
    "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome",
    "google-chrome-stable", "chrome",
)  # fmt: skip
"""The first of which has no windows, and needs a quarter of the others' time."""
DESK = {"width": 1280, "height": 800}
TELEPHONE = {"width": 360, "height": 740}


def chromium_here() -> str | None:
    """Where this machine has it, if the system brought one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium of this machine, or the one Playwright installed; skips where there is neither.

    Gone at the end of each file: Playwright's event loop keeps others from running in the thread.
    """
    with sync_playwright() as playwright:
        found = chromium_here()
        if found is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("no Chromium here: install chromium, or run playwright install chromium")
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def address(app: FastAPI, runtime: Runtime, people: Any) -> Iterator[str]:  # noqa: F811
    """Where the desk answers; the projections and the post follow as the worker does it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    stopping = threading.Event()
    post = Post.of(runtime, clock=lambda: datetime.now(UTC))
    threads = [
        threading.Thread(target=server.run),
        threading.Thread(target=post.follow, args=(stopping,)),
    ]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 60
    while not server.started and time.monotonic() < deadline:
        stopping.wait(0.02)
    with followed(runtime):
        yield f"http://127.0.0.1:{port}"
    stopping.set()
    server.should_exit = True
    for thread in threads:
        thread.join(timeout=20)


@pytest.fixture
def open_browser(
    chromium: Browser,
    address: str,
    runtime: Runtime,  # noqa: F811
) -> Iterator[Callable[..., Page]]:
    """`open_browser("ana")`: a page for Ana, signed in; options go to the browser's context.

    What the browser complains about (a script that fails, something the content policy forbids)
    fails the test.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def page(person: str = "", **options: Any) -> Page:
        usual = {"viewport": DESK, "locale": "en-GB", "timezone_id": "Europe/London"}
        contexts.append(chromium.new_context(base_url=address, **(usual | options)))
        found = contexts[-1].new_page()
        found.set_default_timeout(10_000)
        found.on("pageerror", lambda error: complaints.append(f"{found.url}: {error.stack}"))
        found.on("console", lambda line: _listen(line, complaints))
        if person:
            contexts[-1].add_cookies([{"name": "recovery", "value": token(person), "url": address}])
        found.goto("/queue" if person else "/sign-in")
        return found

    def token(person: str) -> str:
        [user] = [each for each in runtime.accounts.users() if each.id == person]
        found, _ = runtime.accounts.begin(user, datetime.now(UTC) + timedelta(hours=1))
        return found

    yield page
    for context in contexts:
        context.close()
    assert complaints == []


def _listen(line: Any, complaints: list[str]) -> None:
    """Refused forms (422, 409) are part of the tests; everything else is a fault."""
    expected = "the server responded with a status of 4" in line.text
    if line.type == "error" and not expected:
        complaints.append(line.text)
