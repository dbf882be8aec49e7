"""Do programs that answer each other stop, and is it seen that they were stopped?"""

from __future__ import annotations

import pytest

from recovery.maillist import Traffic
from tests.cast import HOUR
from tests.mail.intake.conftest import MailDesk
from tests.mail.reading.samples import raw
from web.mail.intake.deciding import (
    MESSAGES_ON_A_CASE,
    RECEIPTS_A_DAY,
    RECEIPTS_A_SUBJECT,
    Sender,
    decide,
    too_much,
)
from web.mail.intake.looking import topic
from web.mail.intake.matching import Match
from web.mail.reading import understand

CASE = Match(by="letter", complaint="7GQ2M4XK9T", is_complainants=True)
FLOOD = Traffic(case=MESSAGES_ON_A_CASE)


@pytest.mark.parametrize(
    ("traffic", "cut"),
    [
        (Traffic(), ""),
        (Traffic(complaints=RECEIPTS_A_DAY), "address"),
        (Traffic(subject=RECEIPTS_A_SUBJECT), "subject"),
    ],
)
def test_receipts_stop_where_there_is_too_much_of_an_address_or_a_subject(
    traffic: Traffic, cut: str
) -> None:
    assert too_much(traffic) == cut


def test_a_complaint_takes_so_many_messages_an_hour_and_the_others_wait() -> None:
    message = understand(raw(body="Any news?"))

    assert decide(message, CASE, Sender()).outcome == "appended"
    held = decide(message, CASE, Sender(), traffic=FLOOD)
    assert (held.outcome, held.reason, held.cut) == ("held", "too_many_on_case", "case")


def test_a_machine_that_floods_a_complaint_is_kept_apart_from_it() -> None:
    machine = understand(raw("Auto-Submitted: auto-replied"))

    decision = decide(machine, CASE, Sender(), traffic=FLOOD)

    assert (decision.outcome, decision.cut) == ("auto_reply", "case")


@pytest.mark.parametrize(
    "subjects",
    [
        ("[Ticket #1] We got your mail", "AW: WG: [Ticket #22] we got your mail!"),
        ("自动回复：您的投诉已收到 1", "回复: 自动回复：您的投诉已收到 2"),
    ],
)  # fmt: skip
def test_numbered_subjects_are_one(subjects: tuple[str, ...]) -> None:
    assert len({topic(subject) for subject in subjects}) == 1


def test_next_to_nothing_is_no_subject() -> None:
    assert [topic(subject) for subject in ("", "Re:", "12345", "Re: hi", "!!")] == [""] * 5


def test_what_was_cut_is_counted_and_listed_for_a_week(mail: MailDesk) -> None:
    for number in range(RECEIPTS_A_DAY + 2):
        mail.take(raw(f"Message-ID: <{number}@example.org>", body=f"Ticket {number}."))
    mail.take(raw("Auto-Submitted: auto-replied"))

    assert mail.mailbox.counts(now=mail.now) == {
        "waiting": 0, "machines": 1, "cut": 2, "bounces": 0
    }  # fmt: skip
    assert {each.cut for each in mail.mailbox.recent("cut", now=mail.now)} == {"address"}
    later = mail.now + 24 * 8 * HOUR
    assert mail.mailbox.counts(now=later)["cut"] == 0


def test_strangers_who_know_the_number_keep_nobodys_answer_waiting(mail: MailDesk) -> None:
    reference = mail.desk.receive()
    for number in range(MESSAGES_ON_A_CASE + 1):
        mail.take(raw(f"From: m{number}@evil.example", f"Subject: {reference}", f"X-N: {number}"))

    settled = mail.take(raw(f"Subject: {reference}", body="Any news?"))

    assert (settled.outcome, settled.state) == ("appended", "done")
