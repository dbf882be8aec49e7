"""Is the complainant told how much, why, when and how, once, and in their language?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from projections.rebuild import rebuild
from recovery.money import Money
from recovery.policy.guarantees.trace import Step
from recovery.treasury import Treasury
from tests.cast import SUE
from tests.mail.test_letters import used
from tests.payouts import leaving
from tests.web.conftest import *  # noqa: F403
from web.mail import caught
from web.mail.money import CONTEXT, MoneyFacts, MoneyKind, write
from web.mail.post import Post
from web.runtime import Runtime

LONDON = ZoneInfo("Europe/London")
FACTS = MoneyFacts(
    kind="payout_approved", language="en", reference="7GQ2M4XK9T", to="lee@example.org",
    organisation="Power Ltd", name="Mr Lee", received_on=date(2026, 3, 2),
    money=Money(Decimal("25.20"), "GBP"), total=Money(Decimal("25.20"), "GBP"),
    guarantee="late_explanation", pay_by=date(2026, 3, 20), ending="2606",
    trace=(
        Step("rate", Decimal("8.40"), {"since": "2025-04-01", "on": "2026-02-01"}),
        Step("periods", Decimal("25.20"), {
            "count": "3", "every": "1 day", "begin": "2026-02-01", "until": "restored_on",
        }),
    ),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.worker.recording.PATIENCE", 0.0)  # the tests fold between rounds


def test_it_says_how_much_why_by_when_and_where_to() -> None:
    letter = write(FACTS, zone=LONDON)

    for part in (
        "You will receive £25.20 from us (7GQ2M-4XK9T)",
        "3 × 1 day from 1 Feb, at £8.40, is £25.20",
        "your account that ends in 2606, so that it is there by Friday, 20 March 2026",
    ):  # fmt: skip
        assert part in letter.subject + letter.text


def test_it_is_written_in_chinese_too() -> None:
    letter = write(replace(FACTS, language="zh-CN"), zone=LONDON)

    assert "£25.20" in letter.subject
    assert "尾号为 2606 的账户，最迟 2026年3月20日星期五到账" in letter.text


def test_without_an_account_it_asks_and_promises_no_transfer() -> None:
    letter = write(replace(FACTS, ending=""), zone=LONDON)

    assert "We do not know yet where to send it." in letter.text
    assert "account that ends in" not in letter.text


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", get_args(MoneyKind))
def test_text_and_html_say_the_same_and_nothing_escapes(kind: MoneyKind, language: str) -> None:
    hostile = replace(
        FACTS, kind=kind, language=language, paid_on=date(2026, 3, 4), organisation="<b>&Co",
        total=Money(Decimal("30.00"), "GBP"),
    )  # fmt: skip
    letter = write(hostile, zone=LONDON)

    assert "£30.00" in letter.text
    assert "£30.00" in letter.html
    assert "<b>&Co" in letter.text
    assert "<b>&amp;Co" not in letter.html
    assert "&lt;b&gt;&amp;Co" in letter.html
    assert "None" not in letter.text


@pytest.mark.parametrize("spoken", ["en", "zh"])
def test_the_templates_use_the_values_that_are_declared(spoken: str) -> None:
    styles = ("subject.txt", "txt", "html")
    stems = [f"letters/{spoken}/{kind}.{style}" for kind in get_args(MoneyKind) for style in styles]

    assert set().union(*map(used, stems)) == CONTEXT


def test_approval_and_payment_are_told_once_whatever_is_made_anew(runtime: Runtime) -> None:
    payout = leaving.approved(runtime, leaving.late(runtime))
    post = Post.of(runtime, clock=leaving.now)
    deliver(runtime, post)
    treasury = Treasury(runtime.store)
    treasury.instruct(payout.payout, by=SUE, at=leaving.now())
    treasury.confirm(payout.payout, by=SUE, at=leaving.now())
    deliver(runtime, post)

    rebuild(runtime.engine, ["deliveries"])
    deliver(runtime, post)

    assert sorted(kinds(runtime)) == ["payout_approved", "payout_paid", "received"]


def deliver(runtime: Runtime, post: Post) -> None:
    runtime.engine.catch_up()
    while post.step():
        runtime.engine.catch_up()


def kinds(runtime: Runtime) -> list[str]:
    with runtime.database.engine.connect() as conn:
        return [each.kind for each in caught.page(conn, runtime.vault).letters]
