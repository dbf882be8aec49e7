"""A desk that takes mail in."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from recovery.complainant import recognise
from recovery.correspondence import Correspondence
from recovery.delivery import delivery_id
from recovery.events import Recorded, complaint_stream
from recovery.mailbox import Brought, Mailbox
from recovery.maillist import Mail
from recovery.vault import Contact
from tests.cast import HOUR, NINE
from tests.desks import TestDesk
from tests.mail.conftest import PostOffice
from tests.mail.reading.samples import HERE
from web.accounts import Accounts
from web.mail import replytokens
from web.mail.intake import Intake
from web.mail.intake.drafting import Drafter
from web.mail.intake.looking import Looker
from web.mail.intake.matching import Matcher
from web.mail.intake.replies import Replies
from web.mail.intake.returns import Returns

TOKEN_KEY = b"t" * 32


class MailDesk:
    """Takes messages in as a worker does; `now` is what its watch says."""

    def __init__(self, desk: TestDesk) -> None:
        self.desk = desk
        self.now = NINE + HOUR
        self.post = PostOffice(desk)
        self.accounts = Accounts(desk.store.database, b"s" * 32)
        self.mailbox = Mailbox(desk.store.database, desk.vault, key=b"k" * 32)
        correspondence = Correspondence(
            desk.store, desk.vault, desk.policies, self.mailbox, salt=b"salt"
        )
        matcher = Matcher(desk.store, desk.vault, salt=b"salt", token_key=TOKEN_KEY)
        self.intake = Intake(
            mailbox=self.mailbox, correspondence=correspondence,
            looker=Looker(
                mailbox=self.mailbox, matcher=matcher, accounts=self.accounts, here=HERE
            ),
            drafter=Drafter(
                correspondence, matcher,
                Replies(
                    desk.store, desk.vault, self.accounts, correspondence, pause=timedelta(0)
                ),
                policy="house", language="en",
            ),
            clock=lambda: self.now,
        )  # fmt: skip

    def take(
        self, raw: bytes, *, to: tuple[str, ...] = (), sender: str | None = None,
        at: datetime | None = None,
    ) -> Mail:  # fmt: skip
        """Store a message and settle it; gives it as it stands then."""
        self.now = at or self.now
        mail, _ = self.mailbox.store(
            raw, brought=Brought(sender=sender, recipients=to), channel="lmtp", at=self.now
        )
        if taken := self.mailbox.take_up(mail, now=self.now):
            self.intake.settle(taken)
        self.desk.engine.catch_up()
        return self.mailbox.find(mail)

    def send_letters(self, *, at: datetime | None = None) -> None:
        self.post.work(None, at=at or self.now)

    def mark_returns(self) -> int:
        done = Returns(self.desk.store, self.desk.vault, clock=lambda: self.now).step()
        self.desk.engine.catch_up()
        return done

    def letter(self, reference: str, act: int = 1) -> str:
        """The id of the letter that an act owed."""
        return delivery_id(reference, act)

    def token_address(self, reference: str, act: int = 1) -> str:
        return replytokens.address("desk@desk.example", self.letter(reference, act), key=TOKEN_KEY)

    def records(self, reference: str) -> list[Recorded]:
        return self.desk.store.records(complaint_stream(reference))

    def topics(self, reference: str) -> list[str]:
        return [record.event.topic.partition(".")[2] for record in self.records(reference)]

    def complainant(self, email: str) -> str:
        return recognise(self.desk.store, Contact(email=email), salt=b"salt")[0]


@pytest.fixture
def mail(desk: TestDesk) -> MailDesk:
    return MailDesk(desk)
