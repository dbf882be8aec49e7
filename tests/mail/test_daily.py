"""Do supervisors get their mail once each day, with the newest head and the right figures?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from projections import outbox, seal
from projections.deliveries import table
from projections.morning import figures, midnight
from projections.queue import Ticket
from projections.whole import ticket
from recovery.events import DayBegun, daily_stream
from recovery.staff import Staff
from tests.cast import ADA, ANA, DAY, HOUR, MINUTE, NINE, PASSWORD, SUE
from tests.desks import TestDesk
from tests.mail.conftest import PostOffice
from tests.mail.servers import MailServer
from tests.mail.test_letters import STYLES, Seen, used, words
from tests.seal.test_seal import SIGNER
from web.accounts import Accounts
from web.mail import daily
from web.mail.wanted import CALLS, KINDS, choose
from web.mail.wording import WORDINGS, Tongue
from web.worker.handed import outside
from web.worker.morning import Morning

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def people() -> None:
    """Asked for by name: the database is the one in which Sue and Ana have accounts."""


def worker(desk: TestDesk, at: datetime, *, hour: time = time(7)) -> Morning:
    accounts = Accounts(desk.store.database, b"s" * 32)
    return Morning(store=desk.store, accounts=accounts, zone=LONDON, hour=hour, clock=lambda: at)


def begun(desk: TestDesk, day: date) -> list[DayBegun]:
    found = [record.event for record in desk.store.records(daily_stream(day))]
    return [event for event in found if isinstance(event, DayBegun)]


def ticket_of(desk: TestDesk, reference: str) -> Ticket:
    with desk.store.database.engine.connect() as conn:
        found = ticket(conn, reference)
    assert found
    return found


def without(desk: TestDesk, *wanted: str) -> None:
    """Sue wants only these."""
    with desk.store.database.connection() as conn:
        choose(conn, "sue", offered=KINDS, wanted=wanted)


# ---------------------------------------------------------------- when


def test_a_day_begins_once_however_many_workers_ask_and_however_often(
    desk: TestDesk, people: None
) -> None:
    seven = datetime(2026, 3, 2, 7, tzinfo=UTC)
    one, other = worker(desk, seven), worker(desk, seven + MINUTE)

    assert not worker(desk, seven - MINUTE).step()
    assert [one.step(), other.step(), one.step(), worker(desk, seven + HOUR).step()] == [
        True, False, False, False,
    ]  # fmt: skip
    [event] = begun(desk, date(2026, 3, 2))
    assert (event.at, event.to) == (seven, (SUE,))


def test_a_worker_that_was_down_at_the_hour_sends_it_late_and_no_day_that_is_over(
    desk: TestDesk, people: None
) -> None:
    assert worker(desk, datetime(2026, 3, 4, 22, tzinfo=UTC)).step()

    assert begun(desk, date(2026, 3, 3)) == []
    assert len(begun(desk, date(2026, 3, 4))) == 1


def test_an_hour_that_comes_twice_or_not_at_all_is_one_mail(desk: TestDesk, people: None) -> None:
    half_past = time(1, 30)
    autumn, spring = datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 3, 29, tzinfo=UTC)
    done = {
        at: worker(desk, at, hour=half_past).step()
        for day in (autumn, spring)
        for at in (day + n * HOUR / 4 for n in range(16))
    }

    assert [at for at, first in done.items() if first] == [
        autumn + HOUR / 2, spring + HOUR,  # at 01:30 the first time; at 02:00, which follows 00:59
    ]  # fmt: skip


# ---------------------------------------------------------------- what


def test_the_mail_holds_the_head_as_it_was_signed_and_both_parts_say_the_same(
    desk: TestDesk, post: PostOffice, server: MailServer, people: None, tmp_path: Path
) -> None:
    desk.receive(at=NINE - 20 * HOUR)
    with desk.store.database.connection() as conn:
        head = seal.seal(conn, SIGNER, NINE)
    assert head
    worker(desk, NINE).step()
    post.work(server.url)
    post.work(server.url)

    [message] = [m for m in server.messages if "sue@desk.test" in m["To"]]
    body, html = message.get_body(("plain",)), message.get_body(("html",))
    assert body is not None
    assert html is not None
    text = body.get_content().replace("\r\n", "\n")
    assert words(Seen(html.get_content()).text) == words(text)
    assert "Received yesterday: 1\n" in text
    (tmp_path / "daily.eml").write_bytes(message.as_bytes())
    assert outside(tmp_path, [SIGNER.key]) == [head]
    assert message["Auto-Submitted"] == "auto-generated"


def test_the_figures_are_those_of_the_desk_without_what_is_hidden(
    desk: TestDesk, people: None
) -> None:
    late, hers = desk.receive(at=NINE - DAY), desk.receive(at=NINE - DAY)
    desk.receive(at=NINE)
    desk.engine.catch_up()

    with desk.store.database.engine.connect() as conn:
        every = figures(conn, now=NINE + MINUTE, zone=LONDON)
        later = figures(conn, now=NINE + 30 * DAY, zone=LONDON)
        hidden = figures(conn, now=NINE + MINUTE, zone=LONDON, hidden={hers})
    assert (every.received, every.open, every.unassigned) == (2, 3, 3)
    assert (later.received, later.overdue) == (0, 3)
    assert (hidden.received, hidden.open) == (1, 2)
    assert late != hers


def test_a_promise_that_was_due_yesterday_and_not_kept_is_counted_on_that_day_alone(
    desk: TestDesk, people: None
) -> None:
    late, kept = desk.receive(at=NINE), desk.receive(at=NINE)
    desk.desk.acknowledge(kept, by=ANA, at=NINE + MINUTE)
    desk.engine.catch_up()
    [due] = [clock.due for clock in ticket_of(desk, late).clocks if clock.name == "acknowledge"]
    assert due

    with desk.store.database.engine.connect() as conn:
        days = [
            figures(conn, now=midnight(due, LONDON) + n * DAY + HOUR, zone=LONDON).breached
            for n in range(3)
        ]
    assert days == [0, 1, 0]


def test_what_is_hidden_from_a_supervisor_is_not_in_their_mail(
    desk: TestDesk, post: PostOffice, server: MailServer, people: None
) -> None:
    reference = desk.receive(at=NINE - DAY)
    Staff(desk.store, desk.vault).name(reference, staff=[SUE], by=ADA, at=NINE)
    worker(desk, NINE).step()
    post.work(server.url)
    post.work(server.url)

    [message] = [m for m in server.messages if "sue@desk.test" in m["To"]]
    body = message.get_body(("plain",))
    assert body is not None
    assert "All open: 0" in body.get_content()


@pytest.mark.parametrize("spoken", WORDINGS)
def test_the_templates_use_exactly_the_values_declared(spoken: Tongue) -> None:
    found = set().union(*(used(f"letters/{spoken}/daily.{style}") for style in STYLES))

    assert found == daily.CONTEXT


# ---------------------------------------------------------------- who


def test_only_supervisors_who_want_it_are_owed_it(desk: TestDesk, people: None) -> None:
    accounts = Accounts(desk.store.database, b"s" * 32)
    accounts.add_user(
        id="lin", email="lin@desk.test", name="Lin", role="supervisor", password=PASSWORD
    )
    without(desk, CALLS)
    worker(desk, NINE).step()

    [event] = begun(desk, NINE.date())
    assert event.to == ("user:lin",)


def test_who_says_so_before_it_is_written_gets_none_and_nothing_is_lost_by_that(
    desk: TestDesk, post: PostOffice, people: None
) -> None:
    worker(desk, NINE).step()
    without(desk)
    post.work(None)

    with desk.store.database.engine.connect() as conn:
        [found] = conn.execute(table.select().where(table.c.kind == "daily"))
        assert (found.state, found.reason) == ("abandoned", "not_wanted")
        assert outbox.page(conn, "lost").letters == []
        assert outbox.counts(conn, now=NINE + timedelta(minutes=1)).failed == 0
