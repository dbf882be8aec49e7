"""Does the check find what sends complainants away angrier, and leave ordinary letters alone?"""

from __future__ import annotations

import time

import pytest

from recovery.text import LONGEST
from recovery.words import CODES, Given, check
from recovery.words.phrases import FORBIDDEN

ZH = Given(language="zh", name="李伟", reference="7GQ2M4XK9T", colleagues=("安娜",))
EN = Given(language="en-GB", name="Wei Lee", reference="7GQ2M4XK9T", colleagues=("Ana Silva",))


def codes(text: str, given: Given | None = None) -> set[str]:
    is_chinese = any("\u4e00" <= c <= "\u9fff" for c in text)
    return {finding.code for finding in check(text, given or (ZH if is_chinese else EN))}


BAD = [
    ("not_understand", "我听不懂您在说什么。", "I don't understand what you want from us."),
    ("mixed_up", "您肯定是搞错了。", "You must be confused about the date."),
    ("you_should", "您当时就应该看清楚合同。", "You should have read the contract."),
    ("we_will_not", "我们不会给您退款。", "We will not refund this."),
    ("we_cannot", "这件事我们实在没有办法。", "There is nothing we can do."),
    ("you_are_wrong", "您说的不对。", "You are wrong about that."),
    ("nobody_complained", "从来没有人投诉过。", "Nobody else has ever complained about it."),
    ("company_rule", "这是公司规定。", "That is our company policy."),
    ("do_not_know", "我也不知道为什么。", "I don't know why it happened."),
    ("not_my_business", "这不归我们部门管。", "That is not my department."),
    ("not_responsible", "我们不承担任何责任。", "We are not responsible for the courier."),
    ("always_done_so", "我们一直都是这样做的。", "We have always done it like this."),
    ("your_decision", "这是您自己的选择。", "That was your own choice."),
    ("absolutely_not", "这绝对不可能。", "Absolutely not."),
]


@pytest.mark.parametrize(("code", "chinese", "english"), BAD, ids=[code for code, *_ in BAD])
def test_each_of_the_fourteen_is_found_in_both_languages(
    code: str, chinese: str, english: str
) -> None:
    assert codes(chinese) == {code}
    assert codes(english) == {code}


def test_the_fourteen_are_all_there() -> None:
    assert tuple(code for code, *_ in BAD) == FORBIDDEN
    assert len(FORBIDDEN) == 14
    assert set(FORBIDDEN) < set(CODES)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("As per our policy we cannot help.", "company_rule"),
        ("Because of our internal refund rules, I am not able to change this.", "company_rule"),
        ("We are unable to do more in line with company policy.", "company_rule"),
        ("I am afraid that we cannot help you any further with this.", "we_cannot"),
        ("按照公司规定，我们无法处理。", "company_rule"),
        ("由于平台的相关政策，这笔钱不予退还。", "company_rule"),
    ],
)
def test_a_rule_of_ours_is_no_explanation_of_a_refusal(text: str, code: str) -> None:
    assert codes(text) == {code}
    assert code in explained(text)


ORDINARY = [
    "根据《快递市场管理办法》的规定，我们应当在三日内退还运费。",
    "按照合同第八条的规定，这笔费用由我们承担，原因是系统重复扣款。",
    "经核实，您反映的情况属实，我们已于3月2日退还25元。",
    "您反映的事项不属于我局管辖范围，已于3月2日转交市住建局办理。",
    "您可以在收到本信后15日内按规定申请复核。",
    "由于系统故障，当天无法办理业务，我们已在3月5日前为您补办。",
    "我们不会再让同样的事情发生：从4月1日起每天核对两次。",
    "如对答复不满意，您可以依照规定向上级部门申请复查。",
    "我们理解您的着急，也为此向您道歉。",
    "请您放心，款项会在5个工作日内退回原账户。",
    "规定如此设计是为了保护您的账户，所以我们需要核对证件。",
    "您应在3月15日前提交发票，收到后两天内退款。",
    "目前无法确认包裹的位置，我们会在明天中午前给您回复。",
    "Under our policy on late deliveries we refund the postage within five days.",
    "Under the consumer law that protects you we do not keep the deposit: it left on 3 March.",
    "According to our records you paid twice, and we do not want you to wait: we refund it today.",
    "We cannot help with the gas meter ourselves; the network has your report and comes on Monday.",
    "根据《民法典》第四百九十六条的规定，这一条款无法适用，我们已于3月2日退款。",
    "根据我们的记录，您3月1日无法登录，原因是系统升级，已于当晚恢复。",
    "The rules for refunds say that we pay within 14 days, and we are doing so on 3 March.",
    "We will not let this happen again: from 1 April two people check each invoice.",
    "You should receive the money by Friday.",
    "It is up to you whether you take the voucher or the money.",
    "We understand that you had to wait, and we are sorry.",
    "If you do not agree, you can ask for a review within 15 days.",
    "We cannot see from here where the parcel is; Bo calls the depot and writes to you tomorrow.",
    "This is the rule that protects your account, so we ask for a document.",
    "One of us made a mistake, and we have corrected it.",
    "Somebody will call you soon, on Monday at the latest.",
]  # fmt: skip


@pytest.mark.parametrize("sentence", ORDINARY)
def test_an_ordinary_sentence_passes(sentence: str) -> None:
    assert codes(sentence) == set()


@pytest.mark.parametrize(
    "text",
    [
        "您在信里写道：“你们说这是公司规定，我不接受。”这句话我们认真读了。",
        "> That is our company policy.\nWe have read this sentence of ours again.",
        'You told us that the driver said "that is not my department" to you.',
    ],
)
def test_what_somebody_else_said_is_not_looked_at(text: str) -> None:
    assert codes(text) == set()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("这次延误是因为您自己填错了地址。", "blames_complainant"),
        ("You forgot to sign the form.", "blames_complainant"),
        ("是仓库的问题，仓库人员弄错了。", "blames_colleague"),
        ("Our driver made a mistake.", "blames_colleague"),
        ("Ana Silva forgot to answer you.", "blames_colleague"),
        ("我们会尽快给您回复。", "promise_without_date"),
        ("We will get back to you as soon as possible.", "promise_without_date"),
        ("Your refund is {{ amount }}.", "open_field"),
        ("您的退款金额为____元。", "open_field"),
        ("Dear Mrs Jones,\nthank you for waiting.", "other_name"),
        ("尊敬的王女士：\n谢谢您的耐心。", "other_name"),
    ],
)
def test_other_things_that_are_found(text: str, code: str) -> None:
    assert codes(text) == {code}


def test_the_complainants_own_name_and_reference_pass() -> None:
    assert codes("Dear Mr Lee,\nyour complaint 7GQ2M-4XK9T is settled.") == set()
    assert codes("李先生，您好！") == set()


def test_the_reference_of_another_complaint_is_found() -> None:
    from recovery.reference import draw, show

    other = show(draw())

    assert codes(f"See also {other}.") == {"other_reference"}


def test_another_language_is_found_and_a_few_foreign_words_are_not() -> None:
    chinese = "我们已经在站点找到您的包裹，明天就能送到，谢谢您的耐心。"

    assert codes(chinese, EN) == {"other_language"}
    assert codes("We found your parcel at the depot this morning.", ZH) == {"other_language"}
    assert codes("The depot in 静安 has it, ready for you today.", EN) == set()


def explained(text: str, **more: str) -> set[str]:
    given = Given(kind="explained", language="zh" if text[0] > "\u4e00" else "en", **more)
    return {finding.code for finding in check(text, given)}


def test_an_explanation_has_a_cause_and_a_consequence() -> None:
    assert explained("Your parcel came on 3 March. We are sorry.") == {"no_cause"}
    assert explained("It was late because the depot was flooded.") == {"no_consequence"}
    assert explained("您的包裹晚到了两天。") == {"no_cause", "no_consequence"}
    assert explained("包裹晚到是因为站点停电，我们已经退还运费。") == set()
    assert explained("We have refunded the postage.", cause="late_delivery") == set()


def test_a_finding_says_where_it_stands_why_and_what_helps() -> None:
    text = "We looked into it. Absolutely not."

    [finding] = check(text, EN)

    assert text[finding.start : finding.end] == "Absolutely not"
    assert finding.why == "This slams a door."
    assert finding.instead.startswith("Say what we can do")


def test_nothing_is_found_in_nothing() -> None:
    assert check("  \n", Given(kind="explained")) == ()


@pytest.mark.parametrize("repeated", ["我不知道。", "{{", "{%"])
def test_the_longest_letter_is_checked_while_it_is_typed(repeated: str) -> None:
    """In a time that grows with its length, and not with its square."""
    text = (repeated * LONGEST)[:LONGEST]
    before = time.process_time()

    check(text, ZH)

    assert time.process_time() - before < 3


def test_of_phrases_that_overlap_the_longest_is_told_of() -> None:
    found = [f for f in check("We cannot help you, per our policy.", EN) if f.code in FORBIDDEN]

    assert [finding.code for finding in found] == ["company_rule"]
