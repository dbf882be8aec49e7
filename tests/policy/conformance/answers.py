"""The ways in which other helpdesks get promises of time wrong: what is an answer, and what not."""

from __future__ import annotations

from recovery.events import Classified
from recovery.policy import clocks
from recovery.policy.adopt import house_policy
from recovery.policy.marks import Mark, undelivered
from tests.cast import ANA
from tests.policy.conformance.row import EIGHT_HOURS, MONDAY, row, told
from tests.policy.given import PHONE, REPLY, adopted, at, mark, only, policy
from tests.policy.given import run as run_marks


@row(6, "A pause before the first response", "Each clock says whether it pauses",
     "Frappe Helpdesk: the response never pauses")  # fmt: skip
def pause_before_response() -> None:
    house = adopted(house_policy())

    found = run_marks(house, (MONDAY, mark("paused", "2026-03-02T10:00")), PHONE)

    assert [(c.name, c.state) for c in found] == [
        ("acknowledge", "running"), ("explain", "paused"), ("resolve", "paused"),
    ]  # fmt: skip


@row(7, "A reply and a pause in one command", "The reply counts, then the pause", "Zammad #3551")
def reply_and_pause() -> None:
    both = (mark("paused", "2026-03-02T17:00"), mark("explained", "2026-03-02T17:00"))

    clock = only(adopted(policy(EIGHT_HOURS)), MONDAY, *both)

    assert (clock.state, clock.met) == ("stopped", True)


@row(8, "A change of status without a message to the complainant", "It is no response",
     "Frappe Helpdesk (source)")  # fmt: skip
def status_is_no_response() -> None:
    version = adopted(policy(EIGHT_HOURS))
    classified = Classified(at=at("2026-03-02T10:00"), by=ANA, category="delivery")

    story = told(version, MONDAY, mark("assigned", "2026-03-02T10:00")).after(classified)

    assert clocks.run(version, story)[0].state == "running"


@row(9, "An automatic acknowledgement",
     "It acknowledges where the policy says so, and is never a first reply",
     "Chatwoot #6418")  # fmt: skip
def automatic_acknowledgement() -> None:
    acknowledge = 'start = ["received"]\nstop = ["acknowledged"]\nwithin = "4 business hours"\n'
    reply = REPLY.replace('["explained"]', '["message_sent", "explained"]')
    automatic = Mark("acknowledged", at("2026-03-02T09:01"), automatic=True)
    message = Mark("message_sent", at("2026-03-02T09:01"), automatic=True)

    strict = only(adopted(policy(acknowledge)), MONDAY, automatic)
    lenient = only(adopted(policy(acknowledge + "automatic_counts = true")), MONDAY, automatic)
    first_reply = only(
        adopted(policy(reply + 'within = "1 day"\nautomatic_counts = true')), MONDAY, message
    )

    assert [c.state for c in (strict, lenient, first_reply)] == ["running", "stopped", "running"]


@row(10, "A reply whose mail bounced", "The response is retracted by an event; the clock goes on",
     "all")  # fmt: skip
def bounced_reply() -> None:
    version = adopted(policy(EIGHT_HOURS))
    reply = mark("explained", "2026-03-02T10:00")
    bounce = undelivered("explained", at("2026-03-02T10:00"), at=at("2026-03-02T10:05"))

    answered, retracted = only(version, MONDAY, reply), only(version, MONDAY, reply, bounce)

    assert (answered.state, answered.met) == ("stopped", True)
    assert (retracted.state, retracted.due) == ("running", at("2026-03-02T17:00"))


@row(15, "A breach, then the complaint is closed", "The breach stays in the record and the report",
     "osTicket #6346")  # fmt: skip
def breach_then_close() -> None:
    clock = only(adopted(policy(EIGHT_HOURS)), MONDAY, mark("closed", "2026-03-20T10:00"))

    assert (clock.state, clock.met, clock.due) == ("stopped", False, at("2026-03-02T17:00"))


@row(18, "A complaint is reopened after it was closed",
     "The earlier outcome is kept as cycle 1; cycle 2 starts by policy",
     "Frappe Helpdesk, Zammad #188, Helpdesk #3465")  # fmt: skip
def reopened() -> None:
    version = adopted(policy(EIGHT_HOURS + 'new_cycle = ["reopened"]\n'))
    story = (MONDAY, mark("closed", "2026-03-02T10:00"), mark("reopened", "2026-03-09T09:00"))

    first, second = run_marks(version, story)

    assert (first.cycle, first.met, second.cycle, second.due) == (
        1, True, 2, at("2026-03-09T17:00"),
    )  # fmt: skip


@row(20, "The clock after the complaint was resolved", "It has stopped", "Chatwoot #10178, #15024")
def after_resolve() -> None:
    story = (
        MONDAY,
        mark("closed", "2026-03-02T10:00"),
        mark("message_received", "2026-03-05T10:00"),
    )

    clock = only(adopted(policy(EIGHT_HOURS)), *story)

    assert (clock.state, clock.stopped_at) == ("stopped", at("2026-03-02T10:00"))


@row(21, "The complainant writes again while we wait; two messages unanswered",
     "The oldest unanswered one governs", "Zammad #1322, Chatwoot #10178")  # fmt: skip
def oldest_unanswered() -> None:
    version = adopted(
        policy(
            'start = ["message_received"]\nnew_cycle = ["message_received"]\n'
            'stop = ["message_sent", "explained"]\nwithin = "8 business hours"\n'
        )
    )
    story = (
        MONDAY, mark("message_received", "2026-03-02T10:00"),
        mark("message_received", "2026-03-02T15:00"), mark("message_sent", "2026-03-02T16:00"),
        mark("message_received", "2026-03-03T09:00"),
    )  # fmt: skip

    first, second = run_marks(version, story)
    assert (first.started_at, first.met, second.due) == (
        at("2026-03-02T10:00"), True, at("2026-03-03T17:00"),
    )  # fmt: skip
    waiting = only(
        adopted(policy(EIGHT_HOURS)), MONDAY, mark("paused", "2026-03-02T10:00"),
        mark("message_received", "2026-03-02T11:00"),
    )  # fmt: skip
    assert (waiting.state, waiting.due) == ("running", at("2026-03-03T09:30"))
