"""Clock arithmetic over random calendars, zones and years."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from recovery.policy.alarms import alarms, key_of, next_alarm
from recovery.policy.calendar import WorkingTime
from recovery.policy.explanation import explain
from recovery.policy.marks import Mark
from recovery.policy.values import Window
from tests.policy.given import REPLY, adopted, mark, only, policy, run, story

ZONES = st.sampled_from(
    ["Europe/London", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "Asia/Kathmandu",
     "America/Sao_Paulo", "Pacific/Apia", "UTC"]
)  # fmt: skip
INSTANTS = st.datetimes(datetime(2001, 1, 1), datetime(2034, 12, 31)).map(
    lambda at: at.replace(tzinfo=UTC)
)
SECONDS = st.integers(1, 60 * 3600)


@st.composite
def windows(draw: st.DrawFn) -> tuple[Window, ...]:
    """Some windows of a day, apart from each other; the last may go past midnight."""
    edges = sorted(draw(st.sets(st.integers(0, 1500), min_size=2, max_size=6)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return tuple(Window(start, end) for start, end in pairs if start < 1440)


@st.composite
def calendars(draw: st.DrawFn) -> WorkingTime:
    week = [draw(windows()) if draw(st.booleans()) else () for _ in range(7)]
    week[draw(st.integers(0, 6))] = (Window(540, 1020),)
    days = st.dates(date(2001, 1, 1), date(2034, 12, 31))
    return WorkingTime(
        ZoneInfo(draw(ZONES)), tuple(week), closed=draw(st.sets(days, max_size=20)),
        worked=draw(st.sets(days, max_size=5)),
    )  # fmt: skip


@given(calendars(), INSTANTS, SECONDS)
def test_what_elapses_until_due_is_what_was_promised(
    calendar: WorkingTime, start: datetime, seconds: int
):
    assert calendar.elapsed(start, calendar.due(start, seconds)) == seconds


@given(calendars(), INSTANTS, SECONDS, SECONDS)
def test_a_promise_in_two_parts_is_due_when_the_whole_is(
    calendar: WorkingTime, start: datetime, one: int, other: int
):
    assert calendar.due(calendar.due(start, one), other) == calendar.due(start, one + other)


@given(calendars(), INSTANTS)
def test_the_next_opening_is_working_time(calendar: WorkingTime, at: datetime):
    opens = calendar.next_open(at)

    assert opens >= at
    assert calendar.elapsed(at, opens) == 0
    assert calendar.elapsed(opens, opens + timedelta(microseconds=1)) > 0


@given(st.integers(0, 1300), st.integers(1, 70), st.integers(1, 70), ZONES, INSTANTS, SECONDS)
def test_merging_two_windows_that_touch_changes_nothing(
    start: int, first: int, second: int, zone: str, at: datetime, seconds: int
):
    middle, end = start + first, start + first + second
    split = WorkingTime(ZoneInfo(zone), ((Window(start, middle), Window(middle, end)),) * 7)
    whole = WorkingTime(ZoneInfo(zone), ((Window(start, end),),) * 7)

    assert split.due(at, seconds) == whole.due(at, seconds)


RULES = {
    "hours": 'within = "8 business hours"\n', "elapsed": 'within = "30 hours"\n',
    "days": 'within = "5 business days"\n', "calendar days": 'within = "9 days"\n',
    "close": 'within = "4 business days"\nends = "close of business"\n',
    "counts": 'within = "5 business days"\nstarting_day = "counts"\n',
    "closes": 'within = "5 business days"\nstarting_day = "counts"\nends = "close of business"\n',
    "cut off": 'within = "3 business days"\ncut_off = "16:00"\n',
    "weeks": 'within = "2 weeks"\nroll = "next business day"\n', "months": 'within = "1 month"\n',
}  # fmt: skip
VERSIONS = {
    name: adopted(
        policy(
            REPLY + rule + 'pauses = true\nwarn = ["50 %", "75 %"]\n',
            calendar='monday = ["09:00-12:30", "13:30-17:30"]\nwednesday = ["09:00-17:00"]\n'
            'friday = ["22:00-06:00 next day"]\nholidays = { country = "GB" }',
        )
    )
    for name, rule in RULES.items()
}
STARTS = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31)).map(
    lambda at: at.replace(tzinfo=UTC)
)
GAPS = st.lists(st.integers(1, 5 * 24 * 3600), max_size=6)


def pauses(start: datetime, gaps: list[int]) -> list[Mark]:
    """Waiting that begins and ends after these seconds each."""
    marks, at = [mark("received", start.isoformat())], start
    for number, gap in enumerate(gaps):
        at += timedelta(seconds=gap)
        marks.append(mark("resumed" if number % 2 else "paused", at.isoformat()))
    return marks


@example("cut off", datetime(2024, 1, 3, 17, 14, tzinfo=UTC), [1, 24359], 0)
@example("days", datetime(2026, 3, 2, 9, tzinfo=UTC), [3600, 48 * 3600], 0)
@given(st.sampled_from(sorted(VERSIONS)), STARTS, GAPS, st.integers(0, 40 * 24 * 3600))
def test_segments_partition_the_time_and_add_up_to_what_elapsed(
    name: str, start: datetime, gaps: list[int], later: int
):
    version, marks = VERSIONS[name], pauses(start, gaps)
    until = start + timedelta(seconds=sum(gaps) + later)

    found = explain(version, story(version, marks), "reply", 1, until)

    assert found is not None
    edges = [segment.start for segment in found.segments] + [found.segments[-1].end]
    assert edges[0] == start
    assert edges[1:] == [segment.end for segment in found.segments]
    assert edges == sorted(edges)
    due = found.clock.due
    if due is not None and name not in ("months", "weeks", "calendar days"):
        promised = {"hours": 8 * 3600, "elapsed": 30 * 3600, "close": 4, "cut off": 3}.get(name, 5)
        assert sum(segment.counted for segment in found.segments) == promised


@given(st.sampled_from(sorted(VERSIONS)), STARTS, GAPS)
def test_an_alarm_that_was_given_is_given_whatever_happens_later(
    name: str, start: datetime, gaps: list[int]
):
    """A worker that looks after each event finds what one finds that looks in the end."""
    version, marks = VERSIONS[name], pauses(start, gaps)
    whole = alarms(version, story(version, marks), "reply", 1)

    for known in range(1, len(marks)):
        now = marks[known].at
        before = alarms(version, story(version, marks[:known]), "reply", 1)
        assert [a for a in before if a.at < now] == [a for a in whole if a.at < now]


IN_STAGES = adopted(
    policy(
        REPLY + 'within = "8 business hours"\npauses = [{ stage = ["acknowledged"] }]\n'
        'new_cycle = ["reopened"]\nwarn = ["50 %", "75 %"]\n'
    )
)
LIVES = ("acknowledged", "paused", "compensated", "closed", "reopened", "acknowledged", "explained")


@given(st.sampled_from([*sorted(VERSIONS), "stages"]), STARTS, GAPS, st.integers(0, 5))
def test_the_next_alarm_is_the_first_that_was_not_given(
    name: str, start: datetime, gaps: list[int], given_already: int
):
    version, marks, at = VERSIONS.get(name, IN_STAGES), pauses(start, gaps), start
    if name == "stages":
        marks = marks[:1]
        for kind, gap in zip(LIVES, gaps, strict=False):
            at += timedelta(seconds=gap)
            marks.append(mark(kind, at.isoformat()))
    told = story(version, marks)

    for clock in run(version, marks):
        found = alarms(version, told, "reply", clock.cycle)
        left = found[given_already:]
        expected = left[0].at if left else None
        before = {key_of(alarm) for alarm in found[:given_already]}
        assert next_alarm(version, told, clock, before) == expected


@given(st.sampled_from(["hours", "elapsed"]), STARTS, st.integers(1, 7 * 3600), SECONDS)
def test_a_pause_moves_the_due_instant_by_exactly_its_counted_length(
    name: str, start: datetime, after: int, length: int
):
    version = VERSIONS[name]
    plain = only(version, mark("received", start.isoformat()))
    paused = start + timedelta(seconds=after)

    clock = only(version, *pauses(start, [after, length]))

    calendar = version.calendars["office"]
    resumed = paused + timedelta(seconds=length)
    assert plain.due is not None
    assert clock.due is not None
    if name == "elapsed":
        assert clock.due - plain.due == timedelta(seconds=length)
    else:
        assert calendar.elapsed(plain.due, clock.due) == calendar.elapsed(paused, resumed)


@given(st.sampled_from(sorted(VERSIONS)), STARTS, st.randoms(use_true_random=False))
def test_the_order_of_simultaneous_events_does_not_matter(name: str, start: datetime, random):
    at = start.isoformat()
    kinds = ["received", "paused", "resumed", "explained", "closed", "merged", "unmerged"]
    marks = [mark(kind, at) for kind in kinds]
    shuffled = list(marks)
    random.shuffle(shuffled)

    assert run(VERSIONS[name], shuffled) == run(VERSIONS[name], marks)
