"""A policy that cannot work is refused with its place, its value and the way out."""

from __future__ import annotations

import pytest

from recovery.policy.adopt import adoption
from recovery.policy.schema import PolicyError, parse
from tests.cast import NINE, SUE
from tests.policy.given import HOUSE, REPLY, WEEKDAYS, policy

DAYS = REPLY + 'within = "5 business days"\n'


def refusal(text: str) -> str:
    with pytest.raises(PolicyError) as refused:
        parse(text, "house.toml")
    return str(refused.value)


def test_the_house_policy_is_right():
    house = parse(HOUSE, "house.toml")

    assert house.id == "house"
    assert [clock.name for clock in house.versions[0].clocks] == [
        "acknowledge", "explain", "resolve",
    ]  # fmt: skip
    assert [clock.pause_pairs != () for clock in house.versions[0].clocks] == [False, True, True]


def test_a_wrong_unit_names_file_clock_key_value_and_the_units():
    assert refusal(policy(REPLY + 'within = "5 bizdays"')) == (
        'policy house.toml, version "first", clock "reply": within = "5 bizdays": '
        'unknown unit "bizdays" '
        '(use "business hours", "business days", "hours", "days", "weeks", "months")'
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("id = ", "policy house.toml: this is not TOML", id="not TOML"),
        pytest.param("x = " + "[" * 9999, "policy house.toml: this is not TOML", id="deep TOML"),
        pytest.param("x = " + "9" * 9999, "policy house.toml: this is not TOML", id="vast"),
        pytest.param(
            policy(DAYS).replace('id = "small"', 'id = "../small"'),
            'policy house.toml: id = "../small": not an id', id="an id that is a path",
        ),
        pytest.param(
            policy(DAYS).replace('id = "small"', 'id = "none"'), "not an id", id="a reserved id"
        ),
        pytest.param(
            policy(DAYS).replace('name = "reply"', 'name = "Reply!"'),
            'clock.name = "Reply!": not a name', id="a clock's name",
        ),
        pytest.param(
            policy(DAYS).replace("from = 2000-01-01", "from = 0001-01-01"),
            "from = 0001-01-01: use a year from 1900 to 2200", id="the year 1",
        ),
        pytest.param(
            policy(DAYS, head='sorce = "x"'),
            'policy house.toml: sorce = "x": unknown key (did you mean "source"?)', id="a key",
        ),
        pytest.param(
            policy(DAYS + 'paused = true'),
            'clock "reply": paused = true: unknown key (did you mean "pauses"?)',
            id="a key of a clock",
        ),
        pytest.param(
            '"" = 1\n' + policy(DAYS), 'policy house.toml: "" = 1: unknown key', id="an empty key",
        ),
        pytest.param(
            policy('stop = ["explained"]\nwithin = "1 day"'),
            'clock "reply": start: missing (this key is needed here)', id="a missing key",
        ),
        pytest.param(
            policy(DAYS).replace('title = "A small policy"', "title = 5"),
            "policy house.toml: title = 5: this must be a text", id="a number for a text",
        ),
        pytest.param(
            policy(DAYS).replace("Europe/London", "Europe/Lundon"),
            'policy house.toml: zone = "Europe/Lundon": unknown time zone', id="a zone",
        ),
        pytest.param(
            policy(DAYS).replace("Europe/London", "../../etc/passwd"),
            'zone = "../../etc/passwd": unknown time zone', id="a zone that is a path",
        ),
        pytest.param(
            policy(DAYS).replace('"confirmed"', '"maybe"'), 'status = "maybe": ', id="a status",
        ),
        pytest.param(
            policy(DAYS, calendar="closures = [2026-12-24]"),
            'calendar "office": monday: this calendar has no working time', id="no working time",
        ),
        pytest.param(
            policy(DAYS, calendar='monday = ["17:30-09:00"]'),
            'calendar "office": monday = "17:30-09:00": the window ends before it starts '
            '(write "17:30-09:00 next day"', id="a window that ends before it starts",
        ),
        pytest.param(
            policy(DAYS, calendar='monday = ["09:00-25:00"]'),
            'monday = "09:00-25:00": no such time of day', id="25 o'clock",
        ),
        pytest.param(
            policy(DAYS, calendar='monday = ["09:00-10:00 next day"]'),
            "the window is longer than 24 hours", id="a window of 25 hours",
        ),
        pytest.param(
            policy(DAYS, calendar='monday = ["9 to 5"]'), 'not a window of time', id="9 to 5",
        ),
        pytest.param(
            policy('start = ["recieved"]\nstop = ["explained"]\nwithin = "1 day"'),
            'start = "recieved": unknown event (did you mean "received"?', id="an event",
        ),
        pytest.param(
            policy(DAYS, head='milestones = ["closed"]'),
            '"closed" is an event of every complaint already', id="a milestone of a core name",
        ),
        pytest.param(
            policy('start = ["received"]\nstop = ["received"]\nwithin = "1 day"'),
            'stop = "received": this event stands in start too', id="an event in two roles",
        ),
        pytest.param(policy(REPLY), "within: missing", id="no amount"),
        pytest.param(
            policy(REPLY + 'within = "0 days"'), "not an amount of time", id="no time at all"
        ),
        pytest.param(
            policy(REPLY + 'within = "30 years"'), 'unknown unit "years"', id="years"
        ),
        pytest.param(
            policy(REPLY + 'within = "30000 business hours"'), "longer than 10 years",
            id="too long",
        ),
        pytest.param(
            policy(DAYS + 'calendar = "ofice"'), 'unknown calendar (did you mean "office"?)',
            id="a calendar",
        ),
        pytest.param(
            policy(REPLY + 'within = "4 business hours"\nextends = true'),
            'extends = true: extensions count in days', id="extending hours",
        ),
        pytest.param(
            policy(DAYS + 'pauses = [{from = ["paused"]}]'), "pauses.to = []: empty",
            id="an endless pause",
        ),
        pytest.param(
            policy(DAYS + 'pauses = [{from = ["paused"], to = []}]'), "pauses.to = []: empty",
            id="a pause that ends with nothing",
        ),
        pytest.param(
            policy(DAYS + '[[version.clock.target]]\nwhen = {}\nwithin = "1 day"'),
            'target "1": when = {}: empty', id="a target for everybody",
        ),
        pytest.param(
            policy(DAYS) + '\n[[version]]\nname = "other"\nfrom = 2000-01-01\nclock = []',
            'version "other": from = 2000-01-01: version "first" starts on the same day',
            id="two versions from one day",
        ),
        pytest.param(
            policy(DAYS) + '\n[[version.clock]]\nname = "reply"\n' + DAYS,
            'clock.name = "reply": a second clock of this name', id="two clocks of one name",
        ),
    ],
)  # fmt: skip
def test_a_wrong_policy_is_refused_with_the_way_out(text: str, sentence: str):
    assert sentence in refusal(text)


def test_windows_may_go_past_midnight_and_end_at_24():
    night = parse(policy(DAYS, calendar='monday = ["22:00-06:00 next day", "12:00-24:00"]'))

    assert [(w.start, w.end) for w in night.calendars[0].monday] == [(1320, 1800), (720, 1440)]


CONDITION = DAYS + 'condition = "{}"\n'
STEP = DAYS + "[[version.clock.escalation]]\n"
FACTS = "[facts]\nnation = { type = 'text' }\nreported = { type = 'date' }\n"
OFFICE = WEEKDAYS + "\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param(
            policy(CONDITION.format("nashion == 'ENG'"), head=FACTS),
            'clock "reply": condition = "nashion == \'ENG\'": unknown name "nashion" '
            '(did you mean "nation"?', id="a name in a condition",
        ),
        pytest.param(
            policy(CONDITION.format("uppercase(nation) == 'ENG'"), head=FACTS),
            'unknown function "uppercase"', id="a function",
        ),
        pytest.param(
            policy(DAYS + '[[version.clock.target]]\ncondition = "nation > 3"\nwithin = "1 day"',
                   head=FACTS),
            'target "1": condition = "nation > 3": its parts do not go together',
            id="a condition that cannot be compared",
        ),
        pytest.param(
            policy(DAYS, head='version_by = ["nation"]\n' + FACTS),
            'version_by = "nation": no date or instant of that name', id="a version by a text",
        ),
        pytest.param(
            policy(DAYS, calendar=OFFICE + 'holidays = {country = "GB", subdivision_by = "land"}'),
            'calendar "office": holidays.subdivision_by = "land": no text of that name',
            id="a subdivision by nothing",
        ),
        pytest.param(
            policy(DAYS, calendar=OFFICE + 'holidays = { country = "GB", subdivisions = ["SCT"] }'),
            'holidays.subdivisions = ["SCT"]: which of them is chosen by what?',
            id="subdivisions without a chooser",
        ),
        pytest.param(
            policy(DAYS + 'cut_off = "4 pm"'), 'cut_off = "4 pm": not a time of day',
            id="a cut-off in words",
        ),
        pytest.param(
            policy(REPLY + 'within = "4 business hours"\ncut_off = "16:00"'),
            'cut_off = "16:00": for clocks that count days; "4 business hours" does not',
            id="a cut-off for hours",
        ),
        pytest.param(
            policy(REPLY + 'within = "4 hours"\nends = "close of business"'),
            'ends = "close of business": for clocks that count days', id="an end for hours",
        ),
        pytest.param(
            policy(DAYS + 'roll = "next business day"'), 'end on a business day (leave it out)',
            id="a roll that does nothing",
        ),
        pytest.param(
            policy(DAYS + 'starting_day = "count"'), 'starting_day = "count": ',
            id="a starting day",
        ),
        pytest.param(
            policy(DAYS + 'extension = { by = "4 hours" }'),
            'extension.by = "4 hours": counts otherwise than "5 business days"',
            id="an extension in another unit",
        ),
        pytest.param(
            policy(DAYS + 'extends = true\nextension = { by = "5 business days" }'),
            "write either extends or an extension", id="two kinds of extension",
        ),
        pytest.param(
            policy(DAYS + 'restart = ["explained"]'),
            'restart = "explained": this event stands in stop too', id="a restart that stops",
        ),
        pytest.param(
            policy(DAYS + 'pauses = [{ stage = ["sleeping"] }]'),
            'stage = "sleeping": unknown (use one of "received", "acknowledged"',
            id="a stage",
        ),
        pytest.param(
            policy(DAYS + 'pauses = [{ stage = ["explained"], from = ["paused"] }]'),
            "write either a stage or events", id="a stage and events",
        ),
        pytest.param(policy(DAYS + 'warn = ["120 %"]'), 'warn = "120 %"', id="a late warning"),
        pytest.param(
            policy(DAYS + 'warn = ["75 %", "75 %"]'), 'warn = "75 %": twice', id="two warnings"
        ),
        pytest.param(
            policy(STEP + 'notify = ["supervisors"]'), 'write either at = "75 %", at = "due"',
            id="a step at no time",
        ),
        pytest.param(
            policy(STEP + 'at = "soon"\nnotify = ["supervisors"]'), 'at = "soon": not a part',
            id="a step soon",
        ),
        pytest.param(policy(STEP + 'at = "due"'), "say what follows", id="a step to nothing"),
        pytest.param(
            policy(STEP + 'at = "due"\nseverity = "urgent"'), 'severity = "urgent"',
            id="a severity",
        ),
        pytest.param(
            policy(DAYS, head='milestones = ["classified"]'),
            '"classified" is an event of every complaint already', id="a milestone like a mark",
        ),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_work_is_refused(text: str, sentence: str):
    assert sentence in refusal(text)


def test_an_example_that_fails_is_refused_with_what_comes_out():
    example = (
        '[[example]]\nid = "E1"\n'
        'given.events = [{ type = "received", at = "2026-03-02T09:00:00Z" }]\n'
        'expect.clocks = { reply = { due_on = "2026-03-10" } }\n'
    )

    with pytest.raises(PolicyError) as error:
        adoption(policy(DAYS) + example, by=SUE, at=NINE, reason="A test.", file="house.toml")

    assert str(error.value) == (
        'policy house.toml, example "E1": expect.clocks.reply.due_on = "2026-03-10": '
        'it comes out as "2026-03-09"'
    )
