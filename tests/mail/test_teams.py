"""Do letters come from the team that answers for the complaint, and find answers their way back?"""

from __future__ import annotations

import msgspec
import pytest

from recovery import envelope
from recovery.delivery import delivery_id
from recovery.errors import Invalid
from tests.cast import ANA, MINUTE, NINE
from tests.desks import TestDesk
from tests.mail.conftest import SENDER, PostOffice
from tests.mail.servers import MailServer
from web.mail.teams import Team, teams
from web.mail.transport import transport_of
from web.settings import Settings

BILLING = "billing, refunds: 账单组 <Billing@desk.example>; repairs: repairs@desk.example"
KEY = b"k" * 32


def test_letters_come_from_the_team_of_the_category_and_else_from_the_desk(
    desk: TestDesk, post: PostOffice, server: MailServer
) -> None:
    known = teams(BILLING, domain="desk.example")
    sender = msgspec.structs.replace(SENDER, teams=known, reply_key=KEY)
    reference = desk.receive(category="refunds")
    desk.receive(category="delivery")
    desk.desk.classify(reference, by=ANA, at=NINE + MINUTE, category="repairs")
    desk.desk.acknowledge(reference, by=ANA, at=NINE + 2 * MINUTE)
    desk.engine.catch_up()
    post.now = NINE + 2 * MINUTE
    post.worker(transport_of(server.url, helo="desk.example"), sender=sender).step()

    froms = [message["From"].addresses[0] for message in server.messages]
    assert [(each.display_name, each.addr_spec) for each in froms] == [
        ("账单组", "Billing@desk.example"),
        ("Northwind Parcels", "complaints@desk.example"),
        ("Northwind Parcels", "repairs@desk.example"),
    ]
    answers = server.messages[2]["Reply-To"].addresses[0].addr_spec
    assert answers.startswith("repairs+")
    assert envelope.among([answers], key=KEY) == delivery_id(reference, 3)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("billing", "must be written like"),
        (": billing@desk.example", "must be written like"),
        ("billing: Billing <>", "must be written like"),
        ("billing: a@desk.example\r\nBcc: b@x.example", "must be written like"),
        ("billing: a@elsewhere.example", "not in the domain"),
        ("billing: a@desk.example; billing: b@desk.example", "two teams"),
    ],
)
def test_a_team_that_cannot_be_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        teams(text, domain="desk.example")


def test_mail_to_a_team_is_for_the_desk() -> None:
    settings = Settings(mail_from="Desk <c@desk.example>", mail_teams=BILLING)

    assert settings.mail_here == ("c@desk.example", "billing@desk.example", "repairs@desk.example")
    assert settings.teams["billing"] == Team("账单组", "Billing@desk.example")
