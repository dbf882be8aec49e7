"""The ways in which other helpdesks get promises of time wrong: who is told, when and where."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from recovery.policy import clocks
from recovery.policy.adopt import adoption, house_policy
from recovery.policy.alarms import alarms
from recovery.policy.clocks import Clock
from recovery.policy.explanation import explain
from recovery.policy.library import Policies
from tests.cast import NINE, SUE
from tests.policy.conformance.row import EIGHT_HOURS, MONDAY, edited, kinds, row, told
from tests.policy.given import PHONE, REPLY, adopted, at, mark, only, policy
from web.pages.viewer import Viewer


@row(16, "A breach and its end between two runs of the worker",
     "The breach is recorded with the exact due instant", "Chatwoot (source)",
     also=(
         "tests/timekeeping/test_alarms.py::"
         "test_a_breach_is_recorded_when_the_answer_came_before_the_worker",
     ))  # fmt: skip
def breach_between_runs() -> None:
    version = adopted(policy(EIGHT_HOURS))
    story = told(version, MONDAY, mark("explained", "2026-03-02T17:00:30"))

    assert kinds(alarms(version, story, "reply", 1)) == [("breach", at("2026-03-02T17:00"))]


@row(17, "The worker is down for six hours", "The same breaches with the same instants",
     "Chatwoot, osTicket (100 at a time)",
     also=(
         "tests/timekeeping/test_downtime.py::"
         "test_six_hours_down_twice_over_and_in_parallel_change_nothing",
     ))  # fmt: skip
def worker_down() -> None:
    version = adopted(policy(EIGHT_HOURS + 'warn = ["50 %", "75 %", "90 %"]\n'))
    marks = (
        MONDAY, mark("paused", "2026-03-02T14:00"), mark("resumed", "2026-03-02T16:00"),
        mark("explained", "2026-03-04T09:00"),
    )  # fmt: skip

    def recorded(every: timedelta) -> dict[tuple[str, int], datetime]:
        """What a worker records that looks at the story as it is then, now and again."""
        found: dict[tuple[str, int], datetime] = {}
        now = at("2026-03-02T09:00")
        while now < at("2026-03-05T00:00"):
            now += every
            known = tuple(m for m in marks if m.at and m.at <= now)
            for alarm in alarms(version, told(version, *known), "reply", 1):
                if alarm.at < now:
                    found.setdefault((alarm.kind, alarm.percent), alarm.at)
        return found

    assert recorded(timedelta(minutes=1)) == recorded(timedelta(hours=6)) == {
        ("warning", 50): at("2026-03-02T13:00"), ("warning", 75): at("2026-03-02T17:00"),
        ("warning", 90): at("2026-03-03T09:42"), ("breach", 0): at("2026-03-03T10:30"),
    }  # fmt: skip


@row(23, "A viewer in another zone", "Sees the same instant in their own", "Helpdesk #3776")
def another_zone() -> None:
    due = only(adopted(policy(EIGHT_HOURS)), MONDAY).due

    assert due is not None
    assert due.utcoffset() == timedelta(0)
    assert due == at("2026-03-03T01:00+08:00")
    seen = [
        Viewer(language="en", zone=zone, scheme="auto", now=NINE).exact(due)
        for zone in ("Europe/London", "Asia/Shanghai")
    ]
    assert ["17:00" in seen[0], "01:00" in seen[1]] == [True, True], seen


@row(24, "The report on the screen, the download and the API", "Equal to the second",
     "Chatwoot #11057, Zendesk",
     also=(
         "tests/reports/test_agreement.py::test_requests_of_new_york",
         "tests/reports/test_agreement.py::test_the_command_line_tells_what_the_api_tells",
     ))  # fmt: skip
def one_report() -> None:
    """What all of them add up: one story gives one clock, to the microsecond, as JSON too."""
    clock = only(
        adopted(policy(EIGHT_HOURS)), MONDAY, mark("explained", "2026-03-02T10:00:00.000001")
    )

    assert msgspec.json.decode(msgspec.json.encode(clock), type=Clock) == clock
    assert clock.stopped_at == at("2026-03-02T10:00:00.000001")


@row(25, "The projection is rebuilt from nothing", "Identical to the byte", "Jira",
     also=(
         "tests/timekeeping/test_alarms.py::test_what_was_recorded_is_what_a_rebuild_finds",
         "tests/reports/test_sla.py::test_a_rebuild_gives_the_same_cycles",
     ))  # fmt: skip
def rebuilt() -> None:
    """A version compiled anew from what was adopted gives the same bytes."""
    event = adoption(house_policy(), by=SUE, at=NINE, reason="A test.")
    outcomes = set()
    for _ in range(2):
        policies = Policies()
        policies.apply(event)
        house = policies.in_force("house")
        story = told(house, MONDAY, mark("paused", "2026-03-03T10:00"), **PHONE)
        outcomes.add(msgspec.json.encode(clocks.run(house, story)))

    assert len(outcomes) == 1


@row(26, "Warnings at three levels, in working time",
     "Each is given once, and none at night unless it is wanted",
     "Zammad #2532, #4432")  # fmt: skip
def warnings() -> None:
    ladder = (
        'warn = ["50 %", "75 %", "90 %"]\n[[version.clock.escalation]]\nat = "due"\n'
        'assign = "team-2"\n[[version.clock.escalation]]\nat = "due"\nseverity = "high"\n'
        "any_hour = true\n"
    )
    version = adopted(policy(REPLY + 'within = "1 business day"\n' + ladder))
    extended = adopted(policy(EIGHT_HOURS + 'warn = ["50 %"]\n'))

    night = alarms(version, told(version, mark("received", "2026-03-02T17:00")), "reply", 1)
    paused = told(
        extended, MONDAY, mark("paused", "2026-03-02T14:00"), mark("resumed", "2026-03-03T14:00")
    )

    assert kinds(night) == [
        ("warning 50", at("2026-03-03T13:00")), ("warning 75", at("2026-03-03T15:15")),
        ("warning 90", at("2026-03-03T16:36")), ("breach", at("2026-03-03T23:59:59")),
        ("escalation 2", at("2026-03-03T23:59:59")), ("escalation 1", at("2026-03-04T09:00")),
    ]  # fmt: skip
    assert kinds(alarms(extended, paused, "reply", 1)) == [
        ("warning 50", at("2026-03-02T13:00")), ("breach", at("2026-03-03T17:00")),
    ]  # fmt: skip


@row(27, "All clocks are visible, not just the nearest", "Each with its reason", "Zammad #3928")
def all_visible() -> None:
    house = adopted(house_policy())
    story = told(house, mark("received", "2026-04-02T10:00+01:00"), **PHONE)

    found = clocks.run(house, story)
    why = {c.name: explain(house, story, c.name, 1, at("2026-04-02T12:00")) for c in found}

    assert list(why) == ["acknowledge", "explain", "resolve"]
    reasons = {s.reason for e in why.values() if e for s in e.segments if s.kind == "holiday"}
    assert reasons == {"Good Friday", "Easter Monday"}


@row(28, "100,000 open complaints, and the calendar is edited",
     "Bounded work; the queue stays responsive; the figure is published",
     "Zammad (documentation), Helpdesk: an hourly loop")  # fmt: skip
def many_open() -> None:
    """Each is reckoned from its own story: nothing grows with the number of the others."""
    old, new = edited(policy(EIGHT_HOURS), policy(EIGHT_HOURS).replace("17:30", "16:00"))
    stories = [
        told(old, mark("received", (NINE + timedelta(minutes=n)).isoformat())) for n in range(500)
    ]

    moved = [s.rebound(old, new.version, NINE + timedelta(minutes=500)) for s in stories]

    dues = [clocks.run(new, s)[0].due for s in moved]
    assert dues == sorted(dues, key=lambda due: due or NINE)
    assert all(due is not None for due in dues)
