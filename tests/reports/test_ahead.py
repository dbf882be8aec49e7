"""Is what was asked ahead what the whole history says, and shown no longer than it should be?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from projections import sla
from projections.sla import Question
from projections.sla_statement import DIMENSIONS
from recovery.desk import reference_of
from recovery.policy.library import NONE
from tests.cast import ANA, DAY, HOUR, NINE
from tests.desks import MR_LEE
from tests.reports.reading import in_files, on_page
from tests.reports.test_page import SitDown
from tests.web.conftest import app, people, runtime, settings  # noqa: F401
from tests.web.pages.conftest import sit_down  # noqa: F401
from web.reports import ahead
from web.reports.ahead import Asker, exactly, recent
from web.runtime import Runtime

NOON = NINE + 3 * HOUR


@pytest.fixture
def long(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> Runtime:  # noqa: F811
    """A desk whose history counts as long, of which some complaints promise nothing."""
    monkeypatch.setattr(ahead, "LONG", 4)
    d = runtime.desk
    told = [
        d.receive(
            by=ANA, at=NINE, description="No heating.", contact=MR_LEE, channel=channel, tier=tier
        )
        for channel, tier in (("email", "gold"), ("phone", "gold"), ("email", "standard"))
    ]
    d.receive(by=ANA, at=NINE, description="Long ago.", contact=MR_LEE, channel="letter",
              policy=NONE.policy)  # fmt: skip
    references = [reference_of(each) for each in told]
    d.acknowledge(references[0], by=ANA, at=NINE + HOUR)
    d.withdraw(references[1], by=ANA, at=NINE + HOUR)
    d.reopen(references[1], by=ANA, at=NINE + 2 * HOUR, reason="mistake")
    runtime.engine.catch_up()
    return runtime


def ask_everything(desk: Runtime, at: datetime) -> int:
    asker = Asker(desk, clock=lambda: at)
    return sum(1 for _ in iter(asker.step, False))


def test_what_follows_from_it_is_what_the_history_says(long: Runtime) -> None:
    assert ask_everything(long, NOON) == len(DIMENSIONS)

    asked = [
        {}, *({"by": by} for by in DIMENSIONS),
        *({"filters": {"channel": name}} for name in ("email", "phone", "letter")),
        {"filters": {"tier": "gold"}}, {"filters": {"agent": ""}},
    ]  # fmt: skip
    with long.database.engine.connect() as conn:
        for each in asked:
            question = Question(as_of=NOON, zone="Europe/London", **each)
            assert exactly(conn, question) == sla.report(conn, question), each


def test_it_is_asked_again_when_it_is_old_and_not_shown_when_nobody_asks(long: Runtime) -> None:
    ask_everything(long, NOON)
    later = Question(as_of=NOON + 2 * ahead.SHORTEST, zone="UTC")

    assert ask_everything(long, NOON + ahead.SHORTEST / 2) == 0
    with long.database.engine.connect() as conn:
        found = recent(conn, later)
        assert found is not None
        assert found.question.as_of == NOON
        assert recent(conn, Question(as_of=NOON + DAY, zone="UTC")) is None
        assert recent(conn, Question(as_of=NINE, zone="UTC")) is None
        assert exactly(conn, later) is None
        for other in ({"by": "day"}, {"by": "tier", "filters": {"channel": "email"}},
                      {"filters": {"tier": "platinum"}}, {"since": NINE.date()}):  # fmt: skip
            assert recent(conn, Question(as_of=NOON, zone="UTC", **other)) is None
    assert ask_everything(long, NOON + ahead.SHORTEST) == len(DIMENSIONS)


def test_what_is_folded_only_in_part_is_not_kept(long: Runtime) -> None:
    long.desk.receive(by=ANA, at=NINE, description="No water.", contact=MR_LEE)

    assert ask_everything(long, NOON) == 0
    long.engine.catch_up()
    assert ask_everything(long, NOON) == len(DIMENSIONS)


def test_what_another_release_kept_is_not_shown(long: Runtime) -> None:
    ask_everything(long, NOON)
    with long.database.engine.connect() as conn:
        conn.execute(sa.text("update desk.reports_ahead set report = '{}'"))

        assert recent(conn, Question(as_of=NOON, zone="UTC")) is None


def test_the_page_and_its_files_say_the_same(long: Runtime, sit_down: SitDown) -> None:  # noqa: F811
    sue, now = sit_down("sue"), datetime.now(UTC)
    ask_everything(long, now)

    page = sue.open("/reports/sla?by=channel")

    assert now.isoformat() in page.html
    assert on_page(page.html)["promises"]
    files = in_files(lambda table: sue.client.get(
        "/reports/sla.csv", params={"by": "channel", "as_of": now.isoformat(), "table": table}
    ).text)  # fmt: skip
    assert len(files["times"]) == len(on_page(page.html)["times"])


def test_a_short_history_is_read_when_somebody_asks(
    long: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "LONG", 5)  # one more than there are

    assert ask_everything(long, NOON) == 0
