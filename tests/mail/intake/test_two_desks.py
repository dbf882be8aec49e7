"""Do two desks that answer each other by mail stop?

Each sends by SMTP what the other is handed. A gateway between them takes
away every sign that a program wrote, as some do, so that nothing but the limits can stop them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy

from recovery.database import Database
from recovery.vault import Vault
from tests import templates
from tests.cast import MINUTE, NINE
from tests.conftest import fresh_database
from tests.desks import TestDesk
from tests.mail.intake.conftest import MailDesk
from tests.mail.reading.samples import raw
from tests.mail.servers import MailServer, mail_server
from web.mail.intake.deciding import COMPLAINTS_A_DAY, RECEIPTS_A_DAY
from web.mail.message import Sender
from web.mail.transport import transport_of

SIGNS = ("auto-submitted", "x-auto-response-suppress", "precedence", "references", "in-reply-to",
         "x-loop", "reply-to")  # fmt: skip


class Side:
    """One desk, and what it has sent."""

    def __init__(self, mail: MailDesk, address: str, carrier: MailServer) -> None:
        self.mail = mail
        self.address = address
        self.carrier = carrier
        self.handed_on = 0

    def sends(self) -> list[bytes]:
        """What leaves now, without the signs that a program wrote it."""
        sender = Sender.of(self.address, "A desk")
        self.mail.now += MINUTE
        self.mail.post.now = self.mail.now
        self.mail.desk.engine.catch_up()
        worker = self.mail.post.worker(
            transport_of(self.carrier.url, helo="desk.example"), sender=sender
        )
        while worker.step():
            self.mail.desk.engine.catch_up()
        fresh = deepcopy(self.carrier.messages[self.handed_on :])
        self.handed_on += len(fresh)
        for letter in fresh:
            for name in SIGNS:
                del letter[name]
        return [letter.as_bytes() for letter in fresh]


@contextmanager
def side(server_url: str, address: str) -> Iterator[Side]:
    with ExitStack() as stack:
        url = stack.enter_context(fresh_database(server_url, templates.DESK))
        database = Database(url, size=2).open()
        stack.callback(database.close)
        carrier = stack.enter_context(mail_server())
        yield Side(MailDesk(TestDesk.on(database, Vault(b"m" * 32))), address, carrier)


def test_two_desks_that_answer_each_other_stop_at_the_limit(server_url: str) -> None:
    with side(server_url, "one@one.example") as one, side(server_url, "two@two.example") as two:
        here, there = one, two
        carried = [raw("From: The other desk <two@two.example>", body="My parcel never came.")]
        letters = 0
        for _ in range(3 * COMPLAINTS_A_DAY):
            for letter in carried:
                here.mail.take(letter, sender=there.address)
            carried = here.sends()
            letters += len(carried)
            here, there = there, here
            if not carried:
                break

        assert not carried, "they never stopped"
        assert 1 < letters <= 2 * RECEIPTS_A_DAY
        cuts = [each.mail.mailbox.counts(now=NINE + 2 * 60 * MINUTE)["cut"] for each in (one, two)]
        assert sum(cuts) == 1


def test_left_alone_the_first_receipt_is_not_answered(server_url: str) -> None:
    with side(server_url, "one@one.example") as one, side(server_url, "two@two.example") as two:
        one.mail.take(raw("From: The other desk <two@two.example>"), sender=two.address)
        one.sends()

        [receipt] = [letter.as_bytes() for letter in one.carrier.messages]

        assert two.mail.take(receipt, sender=one.address).outcome == "auto_reply"
        assert two.sends() == []
