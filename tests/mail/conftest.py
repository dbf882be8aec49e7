"""A mail server, and post workers for the tests' desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.cast import NINE
from tests.desks import TestDesk
from tests.mail.servers import MailServer, mail_server
from web.accounts import Accounts
from web.mail.message import Sender
from web.mail.pace import Pace
from web.mail.post import Post
from web.mail.transport import Transport, transport_of

SENDER = Sender.of("complaints@desk.example", "Northwind Parcels")


class PostOffice:
    """Workers of one desk; `now` is what their watches say."""

    def __init__(self, desk: TestDesk) -> None:
        self.desk = desk
        self.now = NINE

    def worker(
        self, transport: Transport, *, sender: Sender = SENDER, pace: Pace | None = None
    ) -> Post:
        return Post(
            store=self.desk.store, vault=self.desk.vault, policies=self.desk.policies,
            accounts=Accounts(self.desk.store.database, b"s" * 32), sender=sender,
            zone=ZoneInfo("Europe/London"), base_url="https://desk.example", transport=transport,
            clock=self._watch(), pace=pace,
        )  # fmt: skip

    def work(self, url: str | None, *, at: datetime | None = None) -> int:
        """Bring the projections up to date and let one worker do what is due."""
        self.now = at or self.now
        self.desk.engine.catch_up()
        done = self.worker(transport_of(url, helo="desk.example")).step()
        self.desk.engine.catch_up()
        return done

    def _watch(self) -> Callable[[], datetime]:
        return lambda: self.now


@pytest.fixture
def post(desk: TestDesk) -> PostOffice:
    return PostOffice(desk)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as found:
        yield found
