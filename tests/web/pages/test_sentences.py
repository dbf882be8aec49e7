"""Is what the domain says with values in it said in every language?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from projections.sla_statement import statement
from recovery import reference, text
from recovery.errors import Invalid
from recovery.money import Money
from web.pages.sentences import FORMS, translated
from web.pages.viewer import Viewer

LI = Viewer(
    language="zh", zone="Asia/Shanghai", scheme="auto", now=datetime(2026, 3, 2, tzinfo=UTC)
)
REFUSED: list[tuple[Callable[[], object], str]] = [
    (lambda: text.clean("x" * 11, field="text", limit=10), "11 个字符"),
    (lambda: text.code("晚上", field="fact"), "不是代码"),
    (lambda: text.email("nobody"), "不是电子邮件地址"),
    (lambda: Money.parse("lots", "GBP"), "不是金额"),
    (lambda: Money.parse("5", "XXY"), "不是货币代码"),
    (lambda: Money.parse("1.005", "GBP"), "GBP 有 2 位小数"),
    (lambda: text.instant(datetime(1, 1, 1, tzinfo=UTC)), "年份 1"),
    (lambda: statement("moon", ()), "没有 'moon'"),
    (lambda: reference.parse("nonsense"), "不是编号"),
    (lambda: reference.parse("7GQ2M-4XK9A"), "输入错误"),
]


@pytest.mark.parametrize(("act", "said"), REFUSED)
def test_a_sentence_with_values_is_said_in_chinese(act: Callable[[], object], said: str) -> None:
    with pytest.raises(Invalid) as refused:
        act()

    assert said in translated(str(refused.value), LI)


def test_whom_a_page_is_for_is_said_in_chinese() -> None:
    for role, name in (("a supervisor", "主管"), ("an administrator", "管理员")):
        assert name in translated(f"This page is for people with the role of {role}.", LI)


def test_a_day_and_its_time_are_written_as_each_language_does() -> None:
    early = datetime(2026, 3, 2, 1, 10, tzinfo=UTC)
    lee = Viewer(language="en", zone="Asia/Shanghai", scheme="auto", now=early)

    assert LI.weekday(early) == "2026年3月2日 周一 09:10"
    assert LI.weekday_alone(early) == "2026年3月2日 周一"
    assert lee.weekday(early) == "Mon 2 Mar 2026, 09:10"


def test_an_outcome_in_a_sentence_is_translated_too() -> None:
    sentence = (
        "The complainant was told: partly upheld. Explain the new outcome before closing with it."
    )
    assert "部分" in translated(sentence, LI)


def test_a_sentence_that_nobody_translated_is_shown_as_it_is() -> None:
    assert translated("100% of it", LI) == "100% of it"
    assert len(FORMS) == len(set(FORMS))
