"""Take the pictures of the documentation anew: `python -m tests.browser.pictures`.

They show the demonstration on a fresh desk, so what they show is what a reader gets.
"""

from __future__ import annotations

import re
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from recovery.desk import reference_of
from recovery.store import Done
from recovery.vault import Contact
from tests.browser.conftest import ARGUMENTS, DESK, TELEPHONE, chromium_here
from web.app import create_app
from web.cli.demo import people
from web.demo.load import load_demo
from web.demo.people import DEMO_USERS
from web.door import links
from web.mail.post import Post
from web.runtime import Runtime
from web.settings import Settings
from web.worker.catching_up import catch_up

PICTURES = Path(__file__).parents[2] / "docs" / "images"
COMPLAINTS, DAYS, SEED = 400, 60, 7


def main() -> None:
    """Every picture, as it is named in the documentation."""
    with desk() as (runtime, address), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_here(), args=ARGUMENTS)
        _complainants(browser, address, runtime)
        _agents(browser, address, people(runtime) or "")
        browser.close()


@contextmanager
def desk() -> Iterator[tuple[Runtime, str]]:
    """A desk with the demonstration on it, and its address."""
    with tempfile.TemporaryDirectory(prefix="pictures-") as folder:
        Path(folder).chmod(0o755)  # as root, the database runs as another user
        settings = Settings(_env_file=None, data=Path(folder))  # type: ignore[call-arg]
        with Runtime.open(settings) as runtime:
            load_demo(
                runtime.store, runtime.vault, runtime.policies, complaints=COMPLAINTS, days=DAYS,
                seed=SEED, until=datetime.now(UTC), secret=runtime.reference_key,
            )  # fmt: skip
            catch_up(runtime)
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
            server = uvicorn.Server(
                uvicorn.Config(create_app(runtime), port=port, log_level="warning")
            )
            thread = threading.Thread(target=server.run)
            thread.start()
            while not server.started:
                time.sleep(0.05)
            yield runtime, f"http://127.0.0.1:{port}"
            server.should_exit = True
            thread.join(20)


def _complainants(browser: Browser, address: str, runtime: Runtime) -> None:
    phone = browser.new_context(base_url=address, viewport=TELEPHONE, locale="zh-CN")
    page = phone.new_page()
    _take(page, "/complain?place=platform-4", "complain-zh")
    reference = reference_of(_told(runtime))
    _send_letters(runtime)
    page = browser.new_context(base_url=address, viewport=TELEPHONE, locale="en-GB").new_page()
    mine = f"/mine/{links.write(reference, key=runtime.door_key)}"
    _take(page, mine, "mine")
    _finish(runtime, reference)
    page = phone.new_page()
    _take(page, f"{mine}?language=zh", "survey-zh")


def _finish(runtime: Runtime, reference: str) -> None:
    """Somebody explained it, and closed it."""
    now = datetime.now(UTC)
    runtime.desk.explain(
        reference, by="system:pictures", at=now, outcome="upheld",
        message="The part was ordered late. The lift runs again since this morning.",
    )  # fmt: skip
    runtime.desk.close(reference, by="system:pictures", at=now, outcome="upheld")
    _send_letters(runtime)


def _send_letters(runtime: Runtime) -> None:
    """What the worker does."""
    catch_up(runtime)
    post = Post.of(runtime, clock=lambda: datetime.now(UTC))
    while post.step():
        catch_up(runtime)
    catch_up(runtime)


def _told(runtime: Runtime) -> Done:
    """Somebody complained, and was told that we have it."""
    now = datetime.now(UTC)
    done = runtime.desk.receive(
        by="complainant", at=now, channel="web",
        contact=Contact(name="Mr Lee", email="lee@example.org"),
        description="The lift has been out of order for three days, and nobody rings back.",
    )  # fmt: skip
    return runtime.desk.acknowledge(reference_of(done), by="system:pictures", at=now)


def _agents(browser: Browser, address: str, password: str) -> None:
    context = browser.new_context(base_url=address, viewport=DESK, locale="en-GB")
    page = context.new_page()
    page.goto("/sign-in")
    supervisor = next(user for user in DEMO_USERS if user.role == "supervisor")
    page.fill("[name=email]", supervisor.email)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/queue")
    _take(page, "/queue", "queue", whole=False)
    first = re.search(r"/complaints/[0-9A-Z]{5}-[0-9A-Z]{5}", page.content())
    assert first, "the queue is empty"
    _take(page, first[0], "complaint", whole=False)
    _take(page, "/complaints/new", "intake", whole=False)
    _take(page, "/cards?place=platform-4&language=en", "cards", whole=False)


def _take(page: Page, address: str, name: str, *, whole: bool = True) -> None:
    page.goto(address)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=whole)
    print(PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()
