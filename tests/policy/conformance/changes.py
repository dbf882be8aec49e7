"""The ways in which other helpdesks get promises of time wrong: what changes while it runs."""

from __future__ import annotations

from msgspec.structs import replace

from recovery.policy import clocks
from recovery.policy.alarms import alarms
from recovery.policy.explanation import explain
from recovery.policy.marks import Mark
from tests.policy.conformance.row import EIGHT_HOURS, MONDAY, edited, kinds, row, told
from tests.policy.given import adopted, at, mark, only, policy


@row(12, "A calendar is edited", "Running clocks move, outcomes stay, both versions are visible",
     "Zammad #534, Zendesk, Jira, freeitsm",
     also=(
         "tests/timekeeping/test_applied.py::"
         "test_running_clocks_move_and_both_versions_are_on_record",
     ))  # fmt: skip
def calendaredited() -> None:
    old, new = edited(policy(EIGHT_HOURS), policy(EIGHT_HOURS).replace("17:30", "15:00"))
    change = at("2026-03-02T12:00")
    running = told(old, MONDAY)
    finished = told(old, MONDAY, mark("explained", "2026-03-02T11:00"))

    (moved,) = clocks.run(new, running.rebound(old, new.version, change))
    (kept,) = clocks.run(new, finished.rebound(old, new.version, change))

    assert (clocks.run(old, running)[0].due, moved.due) == (
        at("2026-03-02T17:00"), at("2026-03-03T11:00"),
    )  # fmt: skip
    assert (kept.due, kept.met, kept.policy_version) == (
        at("2026-03-02T17:00"), True, old.version,
    )  # fmt: skip


@row(13, "A policy is edited, replaced or switched off",
     "The same; it is applied to open complaints by an event, with before and after",
     "Zammad #4353, Chatwoot #8973, ServiceNow")  # fmt: skip
def policy_replaced() -> None:
    old, new = edited(policy(EIGHT_HOURS), policy(EIGHT_HOURS).replace("8 business", "2 business"))
    story = told(old, MONDAY)

    assert clocks.run(old, story)[0].due == at("2026-03-02T17:00")  # until it is applied
    applied = story.rebound(old, new.version, at("2026-03-02T09:30"))
    late = told(old, MONDAY).rebound(old, new.version, at("2026-03-03T09:00"))

    explanation = explain(new, applied, "reply", 1, at("2026-03-02T10:00"))
    assert explanation is not None
    assert [(t.kind, t.before, t.after) for t in explanation.turns[1:]] == [
        ("reapplied", at("2026-03-02T17:00"), at("2026-03-02T11:00"))
    ]
    (breached,) = clocks.run(new, late)
    (answered,) = clocks.run(new, late.with_mark(mark("explained", "2026-03-04T09:00")))
    assert (breached.state, breached.due) == ("running", at("2026-03-02T17:00"))
    assert (answered.met, answered.policy_version) == (False, old.version)


@row(14, "Severity or tier changes while the clock runs",
     "The elapsed time is carried, the new target applies, both are logged",
     "GLPI #15605, Jira")  # fmt: skip
def target_changes() -> None:
    version = adopted(
        policy(
            EIGHT_HOURS + '[[version.clock.target]]\nwhen = { severity = ["critical"] }\n'
            'within = "2 business hours"\n'
        )
    )
    raised = Mark("classified", at("2026-03-02T10:00"), changes=(("severity", "critical"),))
    too_late = replace(raised, at=at("2026-03-02T12:00"))
    after_breach = replace(raised, at=at("2026-03-03T12:00"))

    assert only(version, MONDAY, raised).due == at("2026-03-02T11:00")
    assert only(version, MONDAY, too_late).due == too_late.at  # never before the change
    assert only(version, MONDAY, after_breach).target == "8 business hours"
    found = explain(version, told(version, MONDAY, raised), "reply", 1, at("2026-03-02T10:30"))
    assert found is not None
    (turn,) = found.turns[1:]
    assert (turn.kind, turn.target_before, turn.target_after) == (
        "retargeted", "8 business hours", "2 business hours",
    )  # fmt: skip


@row(19, "A breached complaint is merged into an open one",
     "Its clocks are cancelled, the breach stays, no alarm follows", "Zammad #904")  # fmt: skip
def merged() -> None:
    version = adopted(
        policy(
            EIGHT_HOURS + '[[version.clock.escalation]]\nafter = "1 business hour"\n'
            'notify = ["supervisors"]\n'
        )
    )
    in_time = (MONDAY, mark("merged", "2026-03-02T12:00"))
    late = (MONDAY, mark("merged", "2026-03-02T17:15"))

    assert [(c.state, c.met) for c in (only(version, *in_time), only(version, *late))] == [
        ("cancelled", None), ("cancelled", False),
    ]  # fmt: skip
    assert alarms(version, told(version, *in_time), "reply", 1) == ()
    assert kinds(alarms(version, told(version, *late), "reply", 1)) == [
        ("breach", at("2026-03-02T17:00"))
    ]
    taken_out = only(version, *in_time, mark("unmerged", "2026-03-03T12:00"))
    assert (taken_out.state, taken_out.due) == ("running", at("2026-03-03T17:00"))


@row(22, "A state or a policy is renamed", "Nothing changes: ids count, not names",
     "Zammad (source)")  # fmt: skip
def renamed() -> None:
    old, new = edited(policy(EIGHT_HOURS), policy(EIGHT_HOURS).replace("A small", "A renamed"))

    assert new.title != old.title
    assert clocks.run(new, told(new, MONDAY)) == clocks.run(old, told(old, MONDAY))


@row(30, "A holiday is added after the fact",
     "Open clocks move; closed outcomes are annotated, not altered", "all",
     also=(
         "tests/timekeeping/test_applied.py::"
         "test_a_breach_is_not_undone_by_a_holiday_that_comes_afterwards",
     ))  # fmt: skip
def holiday_added() -> None:
    before = policy(EIGHT_HOURS)
    after = before.replace('name = "office"', 'name = "office"\nclosures = [2026-03-02]')
    old, new = edited(before, after)
    change = at("2026-03-02T16:00")
    finished = told(old, MONDAY, mark("explained", "2026-03-02T10:00"))

    (open_clock,) = clocks.run(new, told(old, MONDAY).rebound(old, new.version, change))
    (closed,) = clocks.run(new, finished.rebound(old, new.version, change))

    assert open_clock.due == at("2026-03-03T17:00")
    assert (closed.due, closed.met) == (at("2026-03-02T17:00"), True)
    assert closed.policy_version == old.version != new.version
