"""Is anything lost, or done twice, when processes die in the middle of their work?"""

from __future__ import annotations

from collections import defaultdict
from email.message import EmailMessage

import pytest

from projections.rebuild import check
from tests.journeys.crowd import Crowd
from tests.journeys.machines import Machine, assert_in_the_log_once, kill, machine, until
from tests.mail.servers import mail_server


@pytest.mark.parametrize("kills", [1, pytest.param(12, marks=pytest.mark.soak)])
def test_a_worker_that_is_killed_loses_nothing_and_sends_no_letter_anew(kills: int) -> None:
    with mail_server() as post, machine(post.url) as desk:
        crowd = Crowd(desk.runtime.desk, agents=2, pace=0.6)
        crowd.begin()
        for _ in range(kills):
            worker = desk.recovery("work")
            arrived = len(post.messages)
            until(lambda seen=arrived: len(post.messages) >= seen + 5)  # type: ignore[misc]
            kill(worker)
        crowd.end()
        let_the_leases_of_the_dead_run_out(desk)
        desk.recovery("work")
        until(lambda: nothing_is_left_to_do(desk))

        assert not crowd.failures
        assert not crowd.doubtful
        assert_in_the_log_once(desk, crowd.acknowledged)
        assert [each.name for each in check(desk.runtime.engine) if not each.identical] == []
        owed = message_ids_owed(desk)
        assert len(owed) == len(crowd.acknowledged)  # each act owes one letter
        assert {m["Message-ID"] for m in post.messages} == owed
        assert all(len(ids) == 1 for ids in message_ids_by_letter(post.messages).values())
        assert len(message_ids_by_letter(post.messages)) == len(owed)
        assert len(post.messages) - len(owed) <= kills


def let_the_leases_of_the_dead_run_out(desk: Machine) -> None:
    """What two minutes would do."""
    with desk.runtime.database.connection() as conn:
        conn.execute("update desk.leases set until = clock_timestamp()")


def nothing_is_left_to_do(desk: Machine) -> bool:
    """The projections are up with the log, and they know of no letter that is not sent."""
    with desk.runtime.database.connection() as conn:
        row = conn.execute(
            "select (select max(notification_id) from desk.events)"
            " = (select min(position) from read.projections)"
            " and not exists (select from read.deliveries where state <> 'sent')"
        ).fetchone()
    return bool(row and row[0])


def message_ids_owed(desk: Machine) -> set[str]:
    with desk.runtime.database.connection() as conn:
        return {row[0] for row in conn.execute("select message_id from read.deliveries")}


def message_ids_by_letter(messages: list[EmailMessage]) -> dict[tuple[str, str, str], set[str]]:
    """Under which ids each letter arrived; a letter is what is told to whom."""
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for message in messages:
        body = message.get_body(("plain",))
        assert body is not None
        found[message["To"], message["Subject"], body.get_content()].add(message["Message-ID"])
    return found


def test_a_database_that_is_killed_under_load_has_everything_it_acknowledged() -> None:
    with machine() as desk:
        crowd = Crowd(desk.runtime.desk, agents=6, pace=0.01)
        crowd.begin()
        until(lambda: len(crowd.acknowledged) >= 40)
        desk.kill_database()
        until(lambda: crowd.doubtful)
        before = dict(crowd.acknowledged)
        desk.start_database()
        until(lambda: len(crowd.acknowledged) >= len(before) + 20)
        crowd.end()

        assert not crowd.failures
        assert_in_the_log_once(desk, crowd.acknowledged)
        crowd.ask_again()
        assert_in_the_log_once(desk, crowd.acknowledged)


def test_a_worker_brings_the_killed_database_back_and_goes_on() -> None:
    with machine() as desk:
        crowd = Crowd(desk.runtime.desk, agents=2, pace=0.6)
        crowd.begin()
        worker = desk.recovery("work")
        until(lambda: sent(desk) >= 5)
        desk.kill_database()
        before = len(crowd.acknowledged)
        until(lambda: len(crowd.acknowledged) >= before + 10)  # nobody else has started it
        crowd.end()
        crowd.ask_again()
        let_the_leases_of_the_dead_run_out(desk)
        until(lambda: nothing_is_left_to_do(desk))

        assert not crowd.failures
        assert worker.poll() is None
        assert_in_the_log_once(desk, crowd.acknowledged)
        assert [each.name for each in check(desk.runtime.engine) if not each.identical] == []


def sent(desk: Machine) -> int:
    with desk.runtime.database.connection() as conn:
        row = conn.execute("select count(*) from read.deliveries where state = 'sent'").fetchone()
    assert row is not None
    return int(row[0])
