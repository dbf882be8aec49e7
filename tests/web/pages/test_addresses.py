"""Can agents see which addresses refuse letters, why and since when, and lift it with a reason?"""

from __future__ import annotations

from recovery import reference as references
from recovery.events import Readmitted, complainant_stream
from recovery.suppression import is_suppressed, suppress
from tests.cast import NINE
from tests.web.pages.hands import Hands
from web.runtime import Runtime


def test_an_address_is_listed_until_somebody_says_why_it_works_again(
    ana: Hands, complaint: str, runtime: Runtime
) -> None:
    person = runtime.desk.state(references.parse(complaint))[0].received.complainant
    suppress(runtime.store, person, reason="no_such_mailbox", by="system:mail", at=NINE)
    runtime.engine.catch_up()

    astray = ana.open("/mail/addresses?cursor=2026-03-02/%00")
    listed = ana.open("/mail/addresses")
    refused = ana.send(f"/mail/addresses/{complaint}", why=" ")
    lifted = ana.send(f"/mail/addresses/{complaint}", why="She rang: the mailbox was full.")

    assert "lee<wbr>@example.org" in listed.html
    assert "2 Mar" in listed.text
    assert astray.status == 422
    assert (refused.status, "Say how you know" in refused.text) == (422, True)
    assert lifted.address.startswith(f"/complaints/{complaint}")
    assert "@example.org" not in ana.open("/mail/addresses").html
    assert not is_suppressed(runtime.store, person)
    event = runtime.store.records(complainant_stream(person))[-1].event
    assert isinstance(event, Readmitted)
    assert event.why is not None


def test_whoever_writes_is_told_that_letters_do_not_arrive_and_what_else_reaches_them(
    ana: Hands, complaint: str, runtime: Runtime
) -> None:
    person = runtime.desk.state(references.parse(complaint))[0].received.complainant
    before = ana.open(f"/complaints/{complaint}").text
    suppress(runtime.store, person, reason="smtp_551", by="system:mail", at=NINE)
    runtime.engine.catch_up()

    warned = ana.open(f"/complaints/{complaint}").text
    ana.open("/mail/addresses")
    ana.send(f"/mail/addresses/{complaint}", why="She rang: the mailbox was full.")

    assert "Letters do not reach" not in before + ana.open(f"/complaints/{complaint}").text
    assert "Letters do not reach this complainant The server does not know the address." in warned
    assert "Call them: +44 20 7946 0000 . Then keep under “They said” what was said." in warned
