"""Does somebody who is no party speak in a complaint only once an agent lets them?"""

from __future__ import annotations

import pytest

from projections import case
from recovery.admission import Admission
from recovery.errors import Refused
from recovery.events import MailFiled, PartyAdmitted
from recovery.reference import show
from tests.cast import ANA, BO
from tests.mail.intake.conftest import MailDesk
from tests.mail.intake.test_bounces import ticket
from tests.mail.reading.samples import raw
from web.door.told import heard

DAUGHTER = "From: Ms Lee <daughter@example.net>"


@pytest.fixture
def complaint(mail: MailDesk) -> str:
    reference = mail.desk.receive()
    mail.send_letters()
    return reference


@pytest.fixture
def admission(mail: MailDesk) -> Admission:
    return Admission(mail.desk.store, mail.desk.vault, mail.mailbox)


def answers(mail: MailDesk, reference: str, body: str = "My father asked me to write.") -> str:
    """Ms Lee answers our letter; gives what her mail is decided on by."""
    mail.take(raw(DAUGHTER, body=body), to=(mail.token_address(reference),))
    return mail.records(reference)[-1].event.cause


def test_mail_of_a_third_party_waits_for_an_agent(mail: MailDesk, complaint: str) -> None:
    answers(mail, complaint)

    [waits] = mail.mailbox.waiting()
    assert (waits.outcome, waits.reason, waits.reference) == (
        "third_party", "third_party", complaint
    )  # fmt: skip
    with pytest.raises(Refused, match="Accept or refuse it there"):
        mail.intake.discard(waits, by=ANA, reason="advertising")


def test_whoever_is_admitted_speaks_in_this_complaint_and_in_no_other(
    mail: MailDesk, complaint: str, admission: Admission
) -> None:
    first, _second = answers(mail, complaint), answers(mail, complaint, "One thing more.")

    admission.admit(complaint, first, by=ANA, at=mail.now)

    assert mail.mailbox.waiting() == []
    later = mail.take(raw(DAUGHTER, f"Subject: {show(complaint)}", body="Any news?"))
    assert (later.outcome, later.state) == ("third_party", "done")
    event = mail.records(complaint)[-1].event
    assert isinstance(event, MailFiled)
    assert event.speaker == "party"
    other = mail.desk.receive()
    elsewhere = mail.take(raw(DAUGHTER, f"Subject: {show(other)}", body="And this one?"))
    assert (elsewhere.outcome, elsewhere.reason) == ("proposed", "unknown_sender")


def test_whoever_is_refused_waits_again_when_they_write_again(
    mail: MailDesk, complaint: str, admission: Admission
) -> None:
    admission.refuse(
        complaint, answers(mail, complaint), reason="not_involved", by=ANA, at=mail.now
    )
    assert mail.mailbox.waiting() == []

    answers(mail, complaint, "But I am his daughter.")

    assert [each.reason for each in mail.mailbox.waiting()] == ["third_party"]


def test_mail_is_decided_on_once(mail: MailDesk, complaint: str, admission: Admission) -> None:
    filed = answers(mail, complaint)
    admission.refuse(complaint, filed, reason="not_involved", by=ANA, at=mail.now)

    with pytest.raises(Refused, match="decided on this message already"):
        admission.admit(complaint, filed, by=BO, at=mail.now)
    with pytest.raises(Refused):
        admission.admit(complaint, "mail:" + "0" * 32, by=BO, at=mail.now)

    assert not any(isinstance(r.event, PartyAdmitted) for r in mail.records(complaint))


def test_nobody_is_admitted_by_a_forged_address(
    mail: MailDesk, complaint: str, admission: Admission
) -> None:
    admission.admit(complaint, answers(mail, complaint), by=ANA, at=mail.now)

    forged = mail.take(
        raw(
            DAUGHTER, f"Subject: {show(complaint)}",
            "Authentication-Results: mx.desk.example; dmarc=fail header.from=example.net",
        )
    )  # fmt: skip

    assert (forged.outcome, forged.reason) == ("proposed", "unknown_sender")


def test_the_complainant_is_shown_mail_of_others_once_it_is_accepted(
    mail: MailDesk, complaint: str, admission: Admission
) -> None:
    def shown() -> int:
        mail.desk.engine.catch_up()
        with mail.desk.store.database.engine.connect() as conn:
            return len(heard(case.timeline(conn, complaint)))

    refused = answers(mail, complaint, "Send the money to me.")
    admission.refuse(complaint, refused, reason="suspicious", by=ANA, at=mail.now)
    accepted = answers(mail, complaint)
    assert shown() == 0

    admission.admit(complaint, accepted, by=ANA, at=mail.now)

    assert shown() == 1


def test_what_a_party_says_waits_for_an_answer_once_they_are_admitted(
    mail: MailDesk, complaint: str, admission: Admission
) -> None:
    first = answers(mail, complaint)
    assert ticket(mail, complaint).unanswered_since is None

    admission.admit(complaint, first, by=ANA, at=mail.now)
    mail.desk.engine.catch_up()
    assert ticket(mail, complaint).unanswered_since == mail.now

    mail.desk.desk.send_message(complaint, by=ANA, at=mail.now, text="Thank you.")
    mail.desk.engine.catch_up()
    assert ticket(mail, complaint).unanswered_since is None
    answers(mail, complaint, "One thing more.")
    assert ticket(mail, complaint).unanswered_since == mail.now
