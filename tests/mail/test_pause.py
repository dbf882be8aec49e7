"""Does a letter wait as long as it should, can it be taken back, and when does its act count?"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from projections.queue import Ticket
from projections.whole import whole
from recovery import leases
from recovery.delivery import delivery_id, lease_of
from recovery.errors import Refused
from recovery.events import delivery_stream
from recovery.recalling import Recall
from recovery.sending import Sending
from tests.cast import ANA, HOUR, MINUTE, NINE
from tests.desks import TestDesk
from tests.mail.conftest import PostOffice
from web.mail.intake.returns import Returns

PAUSE = timedelta(seconds=15)
ACT = NINE + HOUR


@pytest.fixture
def reference(desk: TestDesk, post: PostOffice) -> str:
    """A complaint whose receipt went out, and whose acknowledgement Ana has just written."""
    found = desk.receive()
    post.work(None)
    desk.desk.acknowledge(
        found, by=ANA, at=ACT, message="Ana has it.", sending=Sending(leaves_at=ACT + PAUSE)
    )
    return found


def ticket(desk: TestDesk, reference: str) -> Ticket:
    desk.engine.catch_up()
    with desk.store.database.engine.connect() as conn:
        found = whole(conn, reference)
    assert found is not None
    return found.ticket


def acknowledged(desk: TestDesk, reference: str) -> tuple[str, datetime | None]:
    """State of the promise to acknowledge, and when it stopped."""
    clock = next(c for c in ticket(desk, reference).clocks if c.name == "acknowledge")
    return clock.state, clock.stopped_at


def topics(desk: TestDesk, reference: str, act: int = 2) -> list[str]:
    records = desk.store.records(delivery_stream(delivery_id(reference, act)))
    return [record.event.topic for record in records]


def test_the_letter_leaves_after_its_pause_and_not_before(
    desk: TestDesk, post: PostOffice, reference: str
) -> None:
    assert post.work(None, at=ACT + PAUSE - timedelta(milliseconds=1)) == 0
    assert post.work(None, at=ACT + PAUSE) == 1
    assert topics(desk, reference) == ["delivery.queued", "delivery.sent"]


def test_the_clock_stops_when_the_letter_left(
    desk: TestDesk, post: PostOffice, reference: str
) -> None:
    before = acknowledged(desk, reference)

    post.work(None, at=ACT + MINUTE)

    assert before == ("running", None)
    assert acknowledged(desk, reference) == ("stopped", ACT + MINUTE)
    assert ticket(desk, reference).stage == "acknowledged"


def test_a_letter_promises_nothing_that_it_does_itself(
    desk: TestDesk, post: PostOffice, reference: str
) -> None:
    post.work(None, at=ACT + MINUTE)

    with desk.store.database.engine.connect() as conn:
        from web.mail import caught

        text = caught.page(conn, desk.vault).letters[0].letter
    assert text is not None
    assert "Ana has it." in text.text
    assert "one of us has read your complaint" not in text.text


def test_a_letter_taken_back_never_leaves_and_its_act_did_not_happen(
    desk: TestDesk, post: PostOffice, reference: str
) -> None:
    Recall(desk.store, desk.vault).cancel(reference, 2, by=ANA, at=ACT + PAUSE / 2)

    assert post.work(None, at=ACT + HOUR) == 0
    assert topics(desk, reference) == ["delivery.cancelled"]
    assert acknowledged(desk, reference) == ("running", None)
    assert ticket(desk, reference).stage == "received"
    desk.desk.acknowledge(reference, by=ANA, at=ACT + HOUR)
    assert acknowledged(desk, reference) == ("stopped", ACT + HOUR)


def test_what_has_left_cannot_be_taken_back(
    desk: TestDesk, post: PostOffice, reference: str
) -> None:
    post.work(None, at=ACT + MINUTE)

    with pytest.raises(Refused, match="has left already"):
        Recall(desk.store, desk.vault).cancel(reference, 2, by=ANA, at=ACT + MINUTE)


def test_what_is_just_being_sent_cannot_be_taken_back(desk: TestDesk, reference: str) -> None:
    task = lease_of(delivery_id(reference, 2))
    with desk.store.database.connection() as conn:
        leases.claim(conn, task=task, holder="post", time=timedelta(minutes=2))

    with pytest.raises(Refused, match="has left already"):
        Recall(desk.store, desk.vault).cancel(reference, 2, by=ANA, at=ACT)

    assert topics(desk, reference) == []


def test_a_letter_that_left_late_and_came_back_lets_the_clock_run_on(
    desk: TestDesk, post: PostOffice, reference: str
) -> None:
    post.work(None, at=ACT + MINUTE)
    bounce(desk, reference, at=ACT + HOUR)

    Returns(desk.store, desk.vault, clock=lambda: ACT + HOUR).step()

    assert acknowledged(desk, reference) == ("running", None)
    assert ticket(desk, reference).stage == "received"


def bounce(desk: TestDesk, reference: str, *, at: datetime) -> None:
    """Another server says days later that it could not deliver the acknowledgement."""
    from recovery.events import Bounced, Recorded

    stream = delivery_stream(delivery_id(reference, 2))
    event = Bounced(at=at, by="system:mail", complaint=reference, reason="smtp_550")
    desk.store.append([Recorded(stream, len(desk.store.records(stream)) + 1, event)])
    desk.engine.catch_up()


def test_a_planned_answer_leaves_the_question_open_until_it_has_left(
    desk: TestDesk, post: PostOffice, reference: str
) -> None:
    desk.desk.receive_message(reference, by=ANA, at=ACT + MINUTE, text="And?", channel="phone")
    tomorrow = Sending(leaves_at=ACT + 24 * HOUR)
    desk.desk.send_message(
        reference, by=ANA, at=ACT + 2 * MINUTE, text="Tomorrow.", sending=tomorrow
    )
    waiting = ticket(desk, reference).unanswered_since

    post.work(None, at=ACT + 24 * HOUR)

    assert waiting == ACT + MINUTE
    assert ticket(desk, reference).unanswered_since is None


def test_two_letters_of_one_complaint_leave_at_once(
    desk: TestDesk, post: PostOffice, reference: str
) -> None:
    both = Sending(leaves_at=ACT + PAUSE)
    desk.desk.explain(
        reference, by=ANA, at=ACT, outcome="upheld", message="It was late.", sending=both
    )

    assert post.work(None, at=ACT + PAUSE) == 2
    assert topics(desk, reference, 3) == ["delivery.queued", "delivery.sent"]
