"""Does a legal hold keep what it must, and nothing for longer?"""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest

from recovery.belongings import Belongings
from recovery.errors import Invalid, NotFound, Refused
from recovery.events import HoldKind, PaperRef
from recovery.forgetter import Forgetter
from recovery.forgetting import forget as forget_now
from recovery.holds import Hold, Holds, holds
from recovery.reference import draw
from tests.cast import ADA, DAY, HOUR, MINUTE, NINE, SUE
from tests.forgetting.people import LONG, OTTOLINE, complainant_of, letter
from tests.mail.intake.conftest import MailDesk


def place(
    mail: MailDesk, kind: HoldKind, subject: str, *, until: date | None = None,
    reason: str = "Claim 4711 at the county court",
) -> str:  # fmt: skip
    done = Holds(mail.desk.store, mail.desk.vault).place(
        kind=kind, subject=subject, reason=reason, until=until, by=SUE, at=mail.now
    )
    return done.stream.partition("-")[2]


def forget(mail: MailDesk, complainant: str, *, days: int = 1) -> None:
    Forgetter(mail.desk.store, mail.desk.vault).forget(
        complainant, by=ADA, at=mail.now + days * DAY, reason="asked"
    )


@pytest.mark.parametrize("kind", ["complaint", "person", "matter"])
def test_a_hold_forbids_forgetting_and_says_why_until_it_is_ended(
    mail: MailDesk, kind: HoldKind
) -> None:
    reference = mail.desk.receive(attributes={"matter": "Fire 2026"})
    person = complainant_of(mail, reference)
    subject = {"complaint": reference, "person": person, "matter": "fire_2026"}[kind]
    hold = place(mail, kind, subject)

    with pytest.raises(Refused, match="A legal hold forbids this: Claim 4711 at the county court"):
        forget(mail, person)

    Holds(mail.desk.store, mail.desk.vault).end(hold, by=SUE, at=mail.now + HOUR)
    forget(mail, person)
    with pytest.raises(Refused, match="ended already"):
        Holds(mail.desk.store, mail.desk.vault).end(hold, by=SUE, at=mail.now + HOUR)


def test_a_hold_ends_with_its_last_day_where_it_was_placed() -> None:
    hold = Hold(
        hold="1", kind="matter", subject="fire_2026", reason=PaperRef("p", "d"), by=SUE, at=NINE,
        until=date(2026, 3, 31), zone="America/New_York",
    )  # fmt: skip
    midnight = datetime(2026, 4, 1, 4, tzinfo=UTC)

    assert hold.in_force(midnight - MINUTE)
    assert not hold.in_force(midnight)


def test_a_hold_can_last_until_today_where_it_is_placed_and_not_until_yesterday(
    mail: MailDesk,
) -> None:
    late, today = datetime(2026, 3, 3, 2, tzinfo=UTC), date(2026, 3, 2)
    asked: Any = {"kind": "matter", "subject": "fire_2026", "reason": "b", "by": SUE, "at": late}
    commands = Holds(mail.desk.store, mail.desk.vault)
    with pytest.raises(Invalid, match="This day has passed"):
        commands.place(**asked, until=today, zone="Europe/London")

    assert commands.place(**asked, until=today, zone="America/New_York").position


def test_a_hold_reaches_what_the_complaint_was_merged_with_and_others_words_in_it(
    mail: MailDesk,
) -> None:
    first = mail.desk.receive(contact=OTTOLINE)
    second = mail.desk.receive(contact=LONG)
    mail.send_letters()
    assert mail.take(letter(), to=(mail.token_address(second),)).outcome == "third_party"
    place(mail, "complaint", second)

    with pytest.raises(Refused, match="legal hold"):
        forget(mail, complainant_of(mail, first))
    forget(mail, complainant_of(mail, mail.desk.receive()))


def test_a_hold_ends_by_itself_after_its_last_day(mail: MailDesk) -> None:
    person = complainant_of(mail, mail.desk.receive())
    place(mail, "person", person, until=mail.now.date() + 3 * DAY)

    with pytest.raises(Refused, match="legal hold"):
        forget(mail, person, days=3)
    forget(mail, person, days=4)


def test_a_hold_is_about_something_has_a_reason_and_ends_in_the_future(mail: MailDesk) -> None:
    reference = mail.desk.receive()
    with pytest.raises(NotFound):
        place(mail, "person", "f" * 32)
    with pytest.raises(NotFound):
        place(mail, "person", "\0")
    with pytest.raises(NotFound):
        place(mail, "complaint", draw())
    with pytest.raises(Invalid, match="Say why"):
        place(mail, "complaint", reference, reason=" \n")
    with pytest.raises(Invalid, match="has passed"):
        place(mail, "complaint", reference, until=mail.now.date() - DAY)

    with mail.desk.store.database.connection() as conn:
        assert holds(conn) == []


def test_no_word_of_a_reason_stands_in_the_log(mail: MailDesk) -> None:
    place(mail, "matter", "fire_2026", reason="Mrs Quillfeather sues")

    with mail.desk.store.database.connection() as conn:
        rows = conn.execute("select convert_from(state, 'UTF8') from desk.events").fetchall()
    assert "Quillfeather" not in str(rows)


def test_of_a_hold_and_a_forgetting_at_once_the_second_sees_the_first(mail: MailDesk) -> None:
    """Whoever forgets has looked for holds when the hold comes: it waits, and finds nobody."""
    person = complainant_of(mail, mail.desk.receive())
    began, said = threading.Event(), list[str]()

    def too_late() -> None:
        began.set()
        try:
            place(mail, "person", person)
        except NotFound as error:
            said.append(str(error))

    placing = threading.Thread(target=too_late)

    def looked(conn: psycopg.Connection[Any], _: Belongings) -> None:
        placing.start()
        began.wait(60)
        assert holds(conn) == []

    forget_now(
        mail.desk.store, mail.desk.vault, person, by=ADA, at=mail.now, reason="asked", guard=looked
    )
    placing.join(60)

    assert said == ["We know nobody by this id."]
