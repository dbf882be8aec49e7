"""Does a colleague find on the complaint what became of their answer by mail?"""

from __future__ import annotations

from datetime import UTC, datetime

from recovery import envelope
from recovery import reference as references
from recovery.clock import clock_id
from recovery.delivery import delivery_id
from recovery.events import Recorded, SteppedUp, clock_stream
from recovery.mailbox import Brought
from tests.cast import ANA, NINE
from tests.mail.reading.samples import raw
from tests.web.pages.hands import Hands
from tests.web.pages.test_waiting import wait_for
from web.mail.intake import Intake
from web.mail.post import Post
from web.runtime import Runtime


def answer(runtime: Runtime, complaint: str, body: str) -> str:
    """Ana answers a notice from her own mail program; gives what became of it."""
    reference = references.parse(complaint)
    clock = clock_id(reference, "explain", 1)
    step = SteppedUp(
        at=NINE, by="system:clock", complaint=reference, clock="explain", cycle=1, step=1,
        notified=(ANA,),
    )  # fmt: skip
    runtime.store.append([Recorded(clock_stream(clock), 1, step)])
    wait_for(runtime)
    Post.of(runtime, clock=lambda: datetime.now(UTC)).step()
    address = envelope.address(
        "desk@desk.example", delivery_id(clock, 1, ANA), key=runtime.reply_key,
        purpose="colleague",
    )  # fmt: skip
    email = next(user.email for user in runtime.accounts.users() if user.by == ANA)
    mail, _ = runtime.mailbox.store(
        raw(f"From: Ana <{email}>", body=body), brought=Brought(recipients=(address,)),
        channel="lmtp", at=datetime.now(UTC),
    )  # fmt: skip
    while Intake.of(runtime, clock=lambda: datetime.now(UTC)).step():
        pass
    wait_for(runtime)
    return runtime.mailbox.find(mail).outcome


def test_an_answer_that_was_kept_stands_in_the_form_with_its_reasons(
    runtime: Runtime, ana: Hands, complaint: str
) -> None:
    assert answer(runtime, complaint, "You are wrong about the parcel.") == "answered"

    page = ana.open(f"/complaints/{complaint}")
    assert "A reply by mail was not sent" in page.text
    assert "This tells the complainant that they are wrong." in page.text
    assert (
        "You are wrong about the parcel." in page.forms[f"/complaints/{complaint}/letters"]["text"]
    )


def test_an_answer_that_leaves_counts_down_like_any_letter(
    runtime: Runtime, ana: Hands, complaint: str
) -> None:
    runtime.settings = runtime.settings.model_copy(update={"mail_pause": 15})
    assert answer(runtime, complaint, "We found it. It reaches you on 6 March 2026.") == "answered"

    page = ana.open(f"/complaints/{complaint}")
    assert "It reaches you on 6 March 2026." in page.text
    assert any("cancellation" in path for path in page.forms)
