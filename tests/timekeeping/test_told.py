"""Does the timeline tell what time did, beside what people did?"""

from __future__ import annotations

from datetime import datetime

import pytest

from projections import case
from projections.whole import ticket as ticket_of
from recovery import policybook
from recovery.delivery import delivery_id
from recovery.events import Abandoned, Moved, Reapplied, Recorded, delivery_stream
from tests.cast import ANA, BO, DAY, HOUR, MINUTE, SUE
from tests.mail.conftest import PostOffice
from tests.timekeeping.conftest import NINE, POLICY, Watch
from web.pages import clockwork, entries
from web.pages.entries import Told
from web.pages.viewer import Viewer

PEOPLE = {ANA: "Ana", BO: "Bo", SUE: "Sue"}
ELEVEN, ONE = NINE + 2 * HOUR, NINE + 4 * HOUR


def told(watch: Watch, reference: str, *, language: str = "en") -> list[Told]:
    """The timeline, oldest first, as somebody in UTC reads it on Monday evening."""
    watch.desk.engine.catch_up()
    viewer = Viewer(language=language, zone="UTC", scheme="auto", now=NINE + 9 * HOUR)
    with watch.desk.store.database.engine.connect() as conn:
        history = case.timeline(conn, reference)
    return entries.tell(history, {}, PEOPLE, viewer)[::-1]


def quiet(watch: Watch, reference: str, *, language: str = "en") -> list[tuple[str, list[str]]]:
    found = told(watch, reference, language=language)
    return [(each.title, each.more) for each in found if each.kind == "is-quiet"]


def owned(watch: Watch, until: datetime) -> str:
    """A complaint of Bo's, with what time did to it until then."""
    watch.people()
    reference = watch.receive()
    watch.desk.desk.assign(reference, by=BO, at=NINE + MINUTE, agent=BO)
    watch.keep(until)
    return reference


def test_warnings_breaches_and_steps_are_told(watch: Watch) -> None:
    reference = owned(watch, ONE + 2 * HOUR)

    assert quiet(watch, reference) == [
        ("Acknowledge: 75 % of the time was over", ["Due 11:00"]),
        ("Acknowledge was due 11:00 and not done", []),
        ("Explain: 50 % of the time was over", ["Due 13:00"]),
        ("Explain: 90 % of the time was over", ["Due 13:00"]),
        ("Explain was due 13:00 and not done", []),
        ("Explain: escalation, step 1", []),
        ("Explain: escalation, step 2", ["Given to Sue", "Severity raised: High"]),
    ]


def test_they_are_told_in_chinese(watch: Watch) -> None:
    reference = owned(watch, ONE + 2 * HOUR)

    assert quiet(watch, reference, language="zh")[-3:] == [
        ("说明：应在 13:00 前完成，没有完成", []),
        ("说明：升级处理，第 1 步", []),
        ("说明：升级处理，第 2 步", ["转给Sue", "严重程度提高为：高"]),
    ]


def test_each_entry_stands_at_its_own_instant(watch: Watch) -> None:
    reference = owned(watch, ELEVEN + MINUTE)

    [warned, *_] = [each for each in told(watch, reference) if each.kind == "is-quiet"]

    assert warned.at == NINE + 90 * MINUTE
    assert warned.by == ""


def test_what_was_recorded_late_says_so(watch: Watch) -> None:
    reference = watch.receive(at=NINE - 14 * DAY)

    watch.keep(NINE)

    breach = next(each for each in told(watch, reference) if each.mark == "late")
    assert breach.late_entry is not None
    assert breach.at == NINE - 14 * DAY + 2 * HOUR


def test_a_step_shows_how_far_each_notice_came(watch: Watch) -> None:
    reference = owned(watch, ONE + MINUTE)
    owed = told(watch, reference)[-1].posts
    PostOffice(watch.desk).work(None, at=ONE + MINUTE)

    caught = told(watch, reference)[-1].posts

    assert [(post.name, post.words) for post in owed] == [
        ("Notice to Bo", "To be written"), ("Notice to Sue", "To be written"),
    ]  # fmt: skip
    assert [(post.name, post.words, post.caught) for post in caught] == [
        ("Notice to Bo", "Caught here", True), ("Notice to Sue", "Caught here", True),
    ]  # fmt: skip


def test_a_notice_is_no_letter_of_an_act_of_the_complaint(watch: Watch) -> None:
    reference = owned(watch, ONE + 2 * HOUR)
    PostOffice(watch.desk).work(None, at=ONE + 2 * HOUR)

    acts = [each for each in told(watch, reference) if each.kind != "is-quiet"]

    assert [(each.title, [post.name for post in each.posts]) for each in acts] == [
        ("Complaint received", ["Letter"]),
        ("Bo took it", []),
        ("The desk itself gave it to Sue", []),
        ("Classified", []),
    ]


def test_a_letter_that_was_never_written_is_given_up(watch: Watch) -> None:
    reference = watch.receive()
    stream = delivery_stream(delivery_id(reference, 1))
    given_up = Abandoned(at=NINE, by="system:post", complaint=reference, reason="no_address")
    watch.desk.store.append([Recorded(stream, 1, given_up)])

    [received] = told(watch, reference)

    assert [(post.name, post.words) for post in received.posts] == [("Letter", "Given up")]


def test_a_breach_that_was_none_is_told(watch: Watch) -> None:
    reference = watch.receive()
    watch.keep(NINE + 3 * HOUR)
    watch.desk.desk.acknowledge(reference, by=ANA, at=NINE + HOUR)
    watch.keep(NINE + 3 * HOUR)

    assert quiet(watch, reference)[-1] == ("Acknowledge turned out to have been done in time", [])


def test_a_step_that_came_too_late_says_that_nothing_was_left(watch: Watch) -> None:
    watch.people()
    reference = watch.receive()
    watch.desk.desk.withdraw(reference, by=ANA, at=NINE + 6 * HOUR)

    watch.keep(NINE + DAY)

    assert quiet(watch, reference)[-1] == (
        "Explain: escalation, step 2", ["There was nothing left to do"],
    )  # fmt: skip


def test_another_version_of_the_policy_tells_each_promise_that_moved(watch: Watch) -> None:
    reference = watch.receive()
    closed = f'name = "office"\nclosures = [{NINE.date().isoformat()}]'
    policybook.adopt(
        watch.desk.store, watch.desk.policies, POLICY.replace('name = "office"', closed), by=SUE,
        at=NINE + HOUR, reason="A holiday.", open_complaints="follow",
    )  # fmt: skip
    watch.keep(NINE + HOUR + MINUTE)

    tomorrow = f"{(NINE + DAY).day} {NINE + DAY:%b}"
    [_, moved] = told(watch, reference)
    assert (moved.title, moved.at) == ("Follows another version of the policy", NINE + HOUR)
    assert moved.lines == [
        f"Acknowledge was due 11:00, is due {tomorrow} 11:00",
        f"Explain was due 13:00, is due {tomorrow} 13:00",
    ]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (None, ONE, "Explain is due 13:00"),
        (ONE, None, "Explain was due 13:00, is no longer due"),
    ],
)
def test_a_promise_that_came_or_went_with_the_version(
    before: datetime | None, after: datetime | None, said: str
) -> None:
    event = Reapplied(
        at=NINE, by="system:clock", complaint="7GQ2M4XK9T", policy="prompt", version_before="1",
        policy_version="2", moved=(Moved("explain", 1, before, after),),
    )  # fmt: skip
    viewer = Viewer(language="en", zone="UTC", scheme="auto", now=NINE)

    assert clockwork.lines(event, viewer) == [said]


def test_what_time_did_makes_no_open_form_stale(watch: Watch) -> None:
    reference = watch.receive()
    watch.keep(ELEVEN + MINUTE)
    with watch.desk.store.database.engine.connect() as conn:
        shown = ticket_of(conn, reference)
    assert shown is not None
    assert len(quiet(watch, reference)) == 3

    watch.desk.desk.acknowledge(reference, by=ANA, at=ELEVEN + MINUTE, seen=shown.version)

    assert shown.version == 1
