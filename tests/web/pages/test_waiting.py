"""Can an agent see why a message waits, read it safely and settle it?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from projections import health
from recovery import reference as references
from recovery.delivery import delivery_id
from recovery.events import complaint_stream
from recovery.mailbox import Brought
from tests.mail.reading.samples import raw
from tests.web.pages.hands import Hands
from web.mail import replytokens
from web.mail.intake import Intake
from web.mail.post import Post
from web.runtime import Runtime


def wait_for(runtime: Runtime) -> None:
    """The projections have seen what was recorded."""
    with runtime.database.engine.connect() as conn:
        assert health.wait_for(conn, runtime.store.head(), timeout=10)


def arrive(runtime: Runtime, *lines: str, body: str = "Any news of my parcel?") -> str:
    """A message is taken in; returns its id."""
    now = datetime.now(UTC)
    mail, _ = runtime.mailbox.store(
        raw(*lines, body=body), brought=Brought(), channel="lmtp", at=now
    )
    taken = runtime.mailbox.take_up(mail, now=now)
    assert taken
    Intake.of(runtime, clock=lambda: now).settle(taken)
    return mail


def test_a_message_that_only_knows_the_number_is_proposed_and_put_on_its_case(
    runtime: Runtime, ana: Hands, complaint: str
) -> None:
    mail = arrive(runtime, "From: Ms Roe <roe@example.net>", f"Subject: {complaint}")

    listed = ana.open("/mail/waiting")
    assert "does not come from the complainant's address" in listed.text
    assert complaint in listed.text
    read = ana.open(f"/mail/waiting/{mail}")
    assert "Any news of my parcel?" in read.text
    assert read.forms[f"/mail/waiting/{mail}/case"]["reference"] == complaint

    page = ana.send(f"/mail/waiting/{mail}/case")

    assert page.address == f"/complaints/{complaint}"
    assert "Any news of my parcel?" in page.text
    assert "No mail waits" in ana.open("/mail/waiting").text


def test_a_message_becomes_a_complaint_or_is_put_aside_with_a_reason(
    runtime: Runtime, ana: Hands
) -> None:
    first = arrive(runtime, "List-Id: <a.example>", "Subject: One", body="No heating.")
    second = arrive(runtime, "List-Id: <a.example>", "Subject: Two", body="Buy now.")

    ana.open(f"/mail/waiting/{first}")
    page = ana.send(f"/mail/waiting/{first}/complaint")
    assert page.address.startswith("/complaints/")
    assert "No heating." in page.text

    ana.open(f"/mail/waiting/{second}")
    page = ana.send(f"/mail/waiting/{second}/discard", reason="advertising")
    assert page.address == "/mail/waiting?done=mail"
    found = runtime.mailbox.find(second)
    assert (found.state, found.reason, found.by) == ("discarded", "advertising", "user:ana")


def test_what_cannot_be_done_is_said_and_the_message_stays(runtime: Runtime, ana: Hands) -> None:
    mail = arrive(runtime, "List-Id: <a.example>")
    ana.open(f"/mail/waiting/{mail}")

    for reference, said in (("nonsense", "is not a reference"), ("7GQ2M4XK9T", "There is no")):
        page = ana.send(f"/mail/waiting/{mail}/case", reference=reference)
        assert page.status == 422
        assert said in page.text or "typing error" in page.text

    assert runtime.mailbox.find(mail).state == "waiting"


def test_trying_again_settles_it_when_the_reason_is_gone(runtime: Runtime, ana: Hands) -> None:
    mail = arrive(runtime, "From: Ana <ana@desk.test>", body="No heating.")
    assert runtime.mailbox.find(mail).reason == "colleague"
    with runtime.database.connection() as conn:
        conn.execute("update desk.users set email = 'ana@else.test' where id = 'ana'")

    ana.open(f"/mail/waiting/{mail}")
    page = ana.send(f"/mail/waiting/{mail}/retry")

    assert page.address.startswith("/complaints/")
    assert runtime.mailbox.find(mail).outcome == "complaint"


def test_a_reply_to_a_closed_complaint_can_only_be_noted(
    runtime: Runtime, ana: Hands, complaint: str
) -> None:
    reference = references.parse(complaint)
    runtime.desk.close(reference, by="user:ana", at=datetime.now(UTC), outcome="out_of_scope")
    mail = arrive(runtime, f"Subject: {complaint}", body="I do not agree.")

    page = ana.open(f"/mail/waiting/{mail}")
    assert "Reopen that if it asks for it" in page.text
    assert f"/mail/waiting/{mail}/case" not in page.forms
    ana.send(f"/mail/waiting/{mail}/discard", reason="answered_already")

    found = runtime.mailbox.find(mail)
    assert (found.outcome, found.state) == ("appended", "done")
    assert len(runtime.store.records(complaint_stream(reference))) == 3


def test_a_hostile_message_can_do_nothing_on_the_page(runtime: Runtime, ana: Hands) -> None:
    mail = arrive(
        runtime, "List-Id: <a.example>", "Subject: <script>alert(1)</script>",
        "Content-Type: text/html",
        body='<p onclick="x()">Hello</p><script>alert(2)</script><img src="http://x.example/1">',
    )  # fmt: skip

    read = ana.open(f"/mail/waiting/{mail}")
    assert "<script>alert" not in read.html
    framed = ana.client.get(f"/mail/waiting/{mail}/html")
    assert "script" not in framed.text
    assert "x.example" not in framed.text
    assert "sandbox" in framed.headers["content-security-policy"]


@pytest.mark.parametrize("address", ["/mail/waiting/nothing", "/mail/waiting/%00"])
def test_an_unknown_message_is_not_found(ana: Hands, address: str) -> None:
    assert ana.open(address).status == 404


def test_several_messages_are_put_aside_at_once(runtime: Runtime, ana: Hands) -> None:
    first, second, third = (
        arrive(runtime, "List-Id: <a.example>", f"Message-ID: <{n}@a.example>") for n in range(3)
    )
    ana.open("/mail/waiting")

    ana.send("/mail/waiting/discarding", mail=[first, third], reason="advertising")

    assert [each.mail for each in runtime.mailbox.waiting()] == [second]
    assert runtime.mailbox.find(first).reason == "advertising"
    refused = ana.send("/mail/waiting/discarding", mail=[second])
    assert refused.status == 422


def test_machines_loops_and_bounces_are_listed_and_counted(
    runtime: Runtime, ana: Hands, sit_down: Callable[..., Hands]
) -> None:
    arrive(runtime, "Auto-Submitted: auto-replied", "Subject: Out of office")

    assert "Out of office" in ana.open("/mail/machines").text
    assert "Nothing within a week" in ana.open("/mail/machines?kind=cut").text
    assert "Mail of machines 1 within seven days" in sit_down("sue").open("/health").text


def test_an_agent_decides_on_the_page_whether_somebody_may_speak(
    runtime: Runtime, ana: Hands, complaint: str
) -> None:
    wait_for(runtime)
    Post.of(runtime, clock=lambda: datetime.now(UTC)).step()
    token = replytokens.address(
        "desk@desk.test", delivery_id(references.parse(complaint), 1), key=runtime.reply_key
    )
    mail = arrive(
        runtime, "From: Ms Roe <roe@example.net>", f"To: {token}", body="He asked me to write."
    )
    wait_for(runtime)
    page = ana.open(f"/complaints/{complaint}")
    assert "May they speak in this complaint?" in page.text

    address = f"/complaints/{complaint}/mail/{mail[:32]}"
    page = ana.send(f"{address}/admission")

    assert "May they speak in this complaint?" not in page.text
    assert "Somebody else may speak in this complaint" in page.text
    assert runtime.mailbox.waiting() == []
