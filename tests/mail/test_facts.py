"""Does a letter say of its complaint what was true at the act, and nothing later?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from recovery.events import (
    Acknowledged,
    Assigned,
    Event,
    Letter,
    Received,
    Recorded,
    Released,
    SteppedUp,
    clock_stream,
    complaint_stream,
)
from recovery.policy.clocks import Clock
from recovery.vault import Contact, SealedPaper, Vault, Words
from tests.cast import ANA, BO, DAY, HOUR, NINE
from web.accounts import User
from web.mail.facts import Undeliverable, facts_of, notice_of, papers_of
from web.mail.letters import Facts
from web.mail.notices import Notice
from web.mail.wording import Promise

LONDON, SHANGHAI = ZoneInfo("Europe/London"), ZoneInfo("Asia/Shanghai")
KEY, _ = Vault(b"m" * 32).new_key("lee")
CONTACT = Vault.seal(KEY, "lee", Contact(name="Mr Lee", email="lee@example.org"))
WORDS = Vault.seal(KEY, "lee", Words("We found it."))
OPENED = {
    CONTACT.ref.paper: b'{"name":"Mr Lee","email":"lee@example.org"}',
    WORDS.ref.paper: b'{"text":"We found it."}',
}


def received(*, at: datetime | None = NINE, contact: SealedPaper | None = CONTACT) -> Received:
    return Received(
        at=at, by=ANA, complainant="lee", channel="phone", language="en", policy="house",
        policy_version="1", contact=contact.ref if contact else None,
        letter=Letter("received", "en"),
    )  # fmt: skip


def acknowledged(*, at: datetime = NINE + HOUR) -> Acknowledged:
    return Acknowledged(at=at, by=ANA, letter=Letter("acknowledged", "en", WORDS.ref))


def running(name: str, due: datetime | None, *, cycle: int = 1) -> Clock:
    return Clock(name, cycle, "running" if due else "paused", NINE, due, None, None, "soon")


def facts(
    *events: Event, clocks: tuple[Clock, ...] = (), papers: dict[str, bytes] = OPENED,
    zone: ZoneInfo = LONDON,
) -> Facts:  # fmt: skip
    stream = complaint_stream("7GQ2M4XK9T")
    records = [Recorded(stream, n, event) for n, event in enumerate(events, 1)]
    return facts_of(records, papers=papers, clocks=clocks, organisation="Us", zone=zone)


def test_the_agents_words_are_those_of_the_act() -> None:
    found = facts(received(), acknowledged())

    assert (found.to, found.name) == ("lee@example.org", "Mr Lee")
    assert found.message == "We found it."
    assert facts(received()).message == ""


def test_only_the_papers_of_the_act_are_opened() -> None:
    stream = complaint_stream("7GQ2M4XK9T")
    records = [Recorded(stream, 1, received()), Recorded(stream, 2, acknowledged())]

    assert papers_of(records) == [CONTACT.ref.paper, WORDS.ref.paper]
    assert papers_of(records[:1]) == [CONTACT.ref.paper]


def test_days_are_those_of_the_desks_zone() -> None:
    late = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
    clocks = (running("explain", late + DAY),)

    assert facts(received(at=late), clocks=clocks).received_on == date(2026, 3, 2)
    shanghai = facts(received(at=late), clocks=clocks, zone=SHANGHAI)
    assert shanghai.received_on == date(2026, 3, 3)
    assert shanghai.promises == (Promise("explain", date(2026, 3, 4)),)


def test_promises_come_soonest_first() -> None:
    clocks = (running("resolve", NINE + 9 * DAY), running("explain", NINE + 5 * DAY))

    assert [promise.clock for promise in facts(received(), clocks=clocks).promises] == [
        "explain", "resolve",
    ]  # fmt: skip


def test_what_waits_or_is_already_late_is_not_promised() -> None:
    clocks = (running("explain", NINE - DAY), running("resolve", None))

    assert facts(received(), clocks=clocks).promises == ()


def test_a_day_that_the_source_does_not_publish_stays_unknown() -> None:
    assert facts(received(at=None)).received_on is None


@pytest.mark.parametrize(
    ("contact", "papers", "reason"),
    [
        (None, OPENED, "no_address"),
        (CONTACT, {}, "forgotten"),
        (CONTACT, {CONTACT.ref.paper: b'{"phone":"1"}'}, "no_address"),
    ],
)
def test_why_nobody_can_be_written_to(
    contact: SealedPaper | None, papers: dict[str, bytes], reason: str
) -> None:
    with pytest.raises(Undeliverable, match=reason):
        facts(received(contact=contact), papers=papers)


# ---------------------------------------------------------------- what a step says to a colleague


def stepped(*, assigned: str = "") -> SteppedUp:
    return SteppedUp(
        at=NINE + DAY, by="system:clock", complaint="7GQ2M4XK9T", clock="explain", cycle=2, step=1,
        assigned=assigned, notified=(ANA,), severity="high" if assigned else None,
    )  # fmt: skip


def notice(
    *events: Event, step: SteppedUp | None = None, clocks: tuple[Clock, ...] = (), zone: str = "",
) -> Notice:  # fmt: skip
    stream = complaint_stream("7GQ2M4XK9T")
    records = [Recorded(stream, n, event) for n, event in enumerate((received(), *events), 1)]
    return notice_of(
        Recorded(clock_stream("c"), 3, step or stepped()), records, clocks=clocks,
        colleague=User("ana", "ana@desk.test", "Ana", "agent", "zh", zone),
        names={ANA: "Ana", BO: "Bo"}, zone=LONDON, base_url="https://desk.test", organisation="Us",
    )  # fmt: skip


def test_the_due_instant_is_that_of_the_clock_and_cycle_of_the_step() -> None:
    clocks = (running("explain", NINE), running("explain", NINE + DAY, cycle=2))

    assert notice(clocks=clocks).due == NINE + DAY
    assert notice().due is None


@pytest.mark.parametrize(
    ("events", "holder"),
    [
        ((), ""),
        ((Assigned(at=NINE, by=ANA, agent=BO),), "Bo"),
        ((Assigned(at=NINE, by=ANA, agent=BO), Released(at=NINE, by=BO)), ""),
        ((Assigned(at=NINE, by=ANA, agent="user:gone"),), "gone"),
    ],
)
def test_who_has_the_complaint(events: tuple[Event, ...], holder: str) -> None:
    found = notice(*events)

    assert (found.holder, found.is_mine, found.given) == (holder, False, False)


def test_whom_the_step_gave_it_to_has_it() -> None:
    found = notice(Assigned(at=NINE, by=ANA, agent=BO), step=stepped(assigned=ANA))

    assert (found.holder, found.is_mine, found.given) == ("Ana", True, True)
    assert found.severity == "high"


@pytest.mark.parametrize(
    ("chosen", "expected"), [("Asia/Shanghai", SHANGHAI), ("", LONDON), ("Nowhere/At_all", LONDON)]
)
def test_the_zone_is_the_colleagues_or_the_desks(chosen: str, expected: ZoneInfo) -> None:
    assert notice(zone=chosen).zone == expected
