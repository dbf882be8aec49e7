"""What pages say of complaints whose source knows only days, or not even those."""

from __future__ import annotations

from datetime import timedelta

from recovery.bulk import BulkLoader, NewStream
from recovery.events import (
    Acknowledged,
    Closed,
    Compensated,
    Event,
    Explained,
    Received,
    Recorded,
    complaint_stream,
)
from recovery.money import Money
from recovery.reference import derive, parse, show
from tests.cast import ANA, HOUR, NINE
from tests.web.pages.hands import Hands, Page
from web.runtime import Runtime

DAY = timedelta(days=1)


def _happened(runtime: Runtime, complaint: str, *events: Event) -> None:
    stream = complaint_stream(parse(complaint))
    runtime.desk.store.append(
        [Recorded(stream, version, event) for version, event in enumerate(events, start=2)]
    )
    runtime.engine.catch_up()


def _stepper(page: Page) -> str:
    return page.html.partition('<ol class="stepper"')[2].partition("</ol>")[0]


def test_a_day_is_shown_without_a_clock(ana: Hands, complaint: str, runtime: Runtime) -> None:
    _happened(
        runtime, complaint,
        Explained(at=NINE + DAY, precision="day", by=ANA, outcome="upheld"),
        Closed(at=NINE + 2 * DAY, precision="day", by=ANA, outcome="upheld"),
    )  # fmt: skip

    stepper = _stepper(ana.open(f"/complaints/{complaint}"))

    assert stepper.count("09:00</time>") == 1, "only the receipt has a time"


def test_no_acknowledgement_is_claimed_that_nobody_recorded(
    ana: Hands, complaint: str, runtime: Runtime
) -> None:
    money = Money.parse("25", "GBP")
    _happened(runtime, complaint, Compensated(at=NINE, by=ANA, kind="goodwill", money=money))

    page = ana.open(f"/complaints/{complaint}")

    assert "day not known" not in page.text
    assert "Acknowledged" in ana.send(f"/complaints/{complaint}/acknowledgement").text


def test_an_explanation_on_an_unknown_day_says_so(
    ana: Hands, complaint: str, runtime: Runtime
) -> None:
    _happened(
        runtime, complaint,
        Explained(at=None, by=ANA, outcome="upheld"), Closed(at=None, by=ANA, outcome="upheld"),
    )  # fmt: skip

    assert _stepper(ana.open(f"/complaints/{complaint}")).count("day not known") == 2


def test_a_history_that_was_recorded_at_once_says_so_once(runtime: Runtime, ana: Hands) -> None:
    version = runtime.policies.in_force("house").version
    received = Received(
        at=NINE, by="system:import", complainant="c" * 32, channel="web", language="en",
        policy="house", policy_version=version,
    )  # fmt: skip
    acted = Acknowledged(at=NINE + HOUR, by=ANA)
    reference = derive(b"s", "test:1")
    with BulkLoader(runtime.store, secret=b"s") as loader:
        loader.add(NewStream("test:1", reference, [received, acted]))
    runtime.desk.add_note(reference, by=ANA, at=NINE + 2 * HOUR, text="Found in a drawer.")
    runtime.engine.catch_up()

    page = ana.open(f"/complaints/{show(reference)}")

    assert page.text.count("Written down later") == 2
