"""Does the SLA report add up to the last complaint, and tell any instant as it was?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from projections.rebuild import check
from projections.sla import Group, Kept, Question, Report, report
from projections.sla_times import Taken
from recovery.errors import Invalid
from tests.cast import ANA, BO, COMPLAINANT, DAY, HOUR, MINUTE, NINE
from tests.desks import TestDesk


def ask(desk: TestDesk, as_of: datetime = NINE + 3 * DAY, **more: Any) -> Report:
    desk.engine.catch_up()
    with desk.store.database.engine.connect() as conn:
        return report(conn, Question(as_of=as_of, zone="Europe/London", **more))


def promise(group: Group, clock: str, *, again: bool = False) -> Kept:
    [found] = [row for row in group.promises if (row.clock, row.again) == (clock, again)]
    return found


def time(group: Group, step: str) -> Taken:
    [found] = [row for row in group.times if row.step == step]
    return found


def test_a_desk_without_complaints_has_a_report_of_nothing(desk: TestDesk) -> None:
    found = ask(desk, by="channel")

    assert (found.all.received, found.all.promises, found.groups, found.others) == (0, (), (), None)
    assert time(found.all, "closed") == Taken(step="closed")


def test_every_complaint_is_in_exactly_one_column(desk: TestDesk) -> None:
    d = desk.desk
    kept, broken, waiting, withdrawn, _untouched = (desk.receive() for _ in range(5))
    d.acknowledge(kept, by=ANA, at=NINE + HOUR)
    d.acknowledge(broken, by=ANA, at=NINE + DAY)
    d.pause(waiting, by=ANA, at=NINE + HOUR, reason="complainant")
    d.withdraw(withdrawn, by=COMPLAINANT, at=NINE + HOUR)

    found = ask(desk)

    acknowledge = promise(found.all, "acknowledge")
    assert acknowledge == Kept(
        clock="acknowledge", met=1, breached=3, breached_open=2, cancelled=1, attainment=0.25
    )
    assert promise(found.all, "explain") == Kept(clock="explain", running=3, paused=1, cancelled=1)
    assert time(found.all, "acknowledged") == Taken(
        step="acknowledged", known=2, open=2, ended_without=1, median=86_400
    )
    assert (found.all.received, found.all.open) == (5, 4)


def test_what_happened_later_has_not_happened_yet(desk: TestDesk) -> None:
    d, reference = desk.desk, desk.receive()
    d.acknowledge(reference, by=ANA, at=NINE + HOUR)
    d.explain(reference, by=ANA, at=NINE + 2 * HOUR, outcome="upheld", message="Sorry.")
    d.close(reference, by=ANA, at=NINE + 3 * HOUR, outcome="upheld")
    d.reopen(reference, by=ANA, at=NINE + DAY, reason="disputed")

    def told(as_of: datetime) -> tuple[int, int, int, int]:
        found = ask(desk, as_of).all
        resolve = promise(found, "resolve")
        return resolve.running, resolve.met, found.open, found.reopened

    assert told(NINE + 2 * HOUR) == (1, 0, 1, 0)
    assert told(NINE + 4 * HOUR) == (0, 1, 0, 0)
    assert told(NINE + 2 * DAY) == (0, 1, 1, 1)
    assert promise(ask(desk).all, "resolve", again=True).running == 1
    assert ask(desk, NINE - HOUR).received_later == 1


def test_who_is_late_and_open_is_breached_at_once(desk: TestDesk) -> None:
    desk.receive()
    due = NINE + 4 * HOUR

    assert promise(ask(desk, due).all, "acknowledge").running == 1
    late = promise(ask(desk, due + MINUTE).all, "acknowledge")
    assert (late.running, late.breached, late.breached_open, late.attainment) == (0, 1, 1, 0.0)


def test_quantiles_count_the_open_with_the_time_they_have_waited(desk: TestDesk) -> None:
    references = [desk.receive() for _ in range(4)]
    for hours, reference in zip((1, 2), references, strict=False):
        desk.desk.acknowledge(reference, by=ANA, at=NINE + hours * HOUR)

    half = time(ask(desk).all, "acknowledged")
    assert (half.known, half.open, half.median, half.p90) == (2, 2, 7_200, None)

    desk.receive()
    assert time(ask(desk).all, "acknowledged").median is None
    assert time(ask(desk, NINE + HOUR).all, "acknowledged").known == 1


def test_the_open_are_counted_by_age_and_by_due(desk: TestDesk) -> None:
    desk.receive(at=NINE)
    desk.receive(at=NINE + DAY)

    found = ask(desk, NINE + DAY + HOUR).all

    assert {name: n for name, n in found.ages.items() if n} == {"under_1_day": 1, "1_to_3_days": 1}
    assert {name: n for name, n in found.dues.items() if n} == {
        "late_under_1_day": 1, "due_within_1_day": 1,
    }  # fmt: skip


def test_groups_and_others_add_up(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projections.sla.MOST_GROUPS", 2)
    for channel, many in (("email", 3), ("phone", 2), ("web", 1), ("letter", 1)):
        for _ in range(many):
            desk.receive(channel=channel, attributes={"region": channel[0]})

    for by in ("channel", "attribute.region"):
        found = ask(desk, by=by)
        assert [g.received for g in found.groups] == [3, 2]
        assert found.others is not None
        assert (found.others.received, found.others.open, found.all.received) == (2, 2, 7)
        acknowledge = [promise(g, "acknowledge") for g in (*found.groups, found.others)]
        assert sum(row.breached for row in acknowledge) == 7


def test_filters_and_periods_are_days_of_the_zone(desk: TestDesk) -> None:
    late_evening = datetime.fromisoformat("2026-03-31T23:30:00+00:00")  # 1 April in London
    for at in (NINE, late_evening):
        desk.desk.assign(desk.receive(at=at), by=BO, at=at, agent=BO)
    desk.receive(at=NINE, tier="gold")

    by_month = ask(desk, late_evening + DAY, by="month", filters={"agent": BO})
    march = ask(desk, late_evening + DAY, since=date(2026, 3, 1), until=date(2026, 3, 31))

    assert [(g.name, g.received) for g in by_month.groups] == [("2026-04", 1), ("2026-03", 1)]
    assert march.all.received == 2
    assert [g.name for g in ask(desk, late_evening + DAY, by="week").groups] == [
        "2026-W14", "2026-W10",
    ]  # fmt: skip
    assert ask(desk, filters={"attribute.region": ""}).all.received == 2


@pytest.mark.parametrize("name", ["moon", "attributes", "complaint; drop table x"])
def test_a_dimension_that_there_is_not_is_refused(desk: TestDesk, name: str) -> None:
    with pytest.raises(Invalid, match="There is no") as refused:
        ask(desk, by=name)
    assert refused.value.field == "by"

    with pytest.raises(Invalid, match="there are agent, channel"):
        ask(desk, filters={name: "x"})


def test_a_rebuild_gives_the_same_cycles(desk: TestDesk) -> None:
    d, reference = desk.desk, desk.receive(attributes={"region": "north"})
    d.assign(reference, by=ANA, at=NINE, agent=BO)
    d.acknowledge(reference, by=ANA, at=NINE + HOUR)
    desk.engine.catch_up()
    d.classify(reference, by=ANA, at=NINE + HOUR, category="lost", attributes={"region": "south"})
    d.withdraw(reference, by=COMPLAINANT, at=NINE + 2 * HOUR)
    d.reopen(reference, by=ANA, at=NINE + DAY, reason="mistake")
    d.release(reference, by=ANA, at=NINE + DAY)
    found = ask(desk, by="attribute.region").groups

    assert [(g.name, g.received, g.open, g.reopened) for g in found] == [("south", 1, 1, 1)]
    assert time(found[0], "closed").ended_without == 1
    assert all(each.identical for each in check(desk.engine))
