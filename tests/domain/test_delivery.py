"""Does a letter keep its identity and remember what became of it?"""

from __future__ import annotations

from recovery.delivery import DeliveryState, delivery_id, message_id, state_of
from recovery.events import (
    Abandoned,
    Bounced,
    Deferred,
    Event,
    PaperRef,
    Queued,
    Recorded,
    Sent,
    delivery_stream,
)  # fmt: skip
from tests.cast import HOUR, MINUTE, NINE

POST = "system:post"
QUEUED = Queued(
    at=NINE, by=POST, complaint="7GQ2M4XK9T", act=1, kind="received", language="en",
    letter=PaperRef("p", "d"), message_id="<1@desk.example>",
)  # fmt: skip
DEFERRED = Deferred(
    at=NINE, by=POST, complaint="7GQ2M4XK9T", attempt=1, reason="smtp_451", retry_at=NINE + HOUR
)


def state(*events: Event) -> DeliveryState:
    stream = delivery_stream("1")
    return state_of(Recorded(stream, n, event) for n, event in enumerate(events, 1))


def test_the_same_act_owes_the_same_letter() -> None:
    letter = delivery_id("7GQ2M4XK9T", 1)

    assert letter == delivery_id("7GQ2M4XK9T", 1)
    assert letter == "04b61c88-9c7e-5754-b5c6-4bff29f7e477"
    assert letter != delivery_id("7GQ2M4XK9T", 2)
    assert letter != delivery_id("7GQ2M4XK9T", 1, "supervisor")
    assert message_id(letter, "desk.example") == f"<{letter}@desk.example>"


def test_a_letter_nobody_has_taken_up_is_due() -> None:
    assert state() == DeliveryState()
    assert state().is_due(NINE)


def test_a_deferred_letter_is_due_at_its_time() -> None:
    found = state(QUEUED, DEFERRED)

    assert (found.version, found.queued, found.attempts, found.since) == (2, QUEUED, 1, NINE)
    assert not found.is_due(NINE + HOUR - MINUTE)
    assert found.is_due(NINE + HOUR)


def test_what_ended_is_never_due_again() -> None:
    for ending in (
        Sent(at=NINE, by=POST, complaint="7GQ2M4XK9T", transport="smtp"),
        Bounced(at=NINE, by=POST, complaint="7GQ2M4XK9T", reason="smtp_550"),
        Abandoned(at=NINE, by=POST, complaint="7GQ2M4XK9T", reason="unreachable"),
    ):
        assert not state(QUEUED, DEFERRED, ending).is_due(NINE + 99 * HOUR)
