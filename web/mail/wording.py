"""How do we say a code to a complainant?

What varies by code within a letter; the letters themselves are in `web/templates/letters`. A code
that an organisation made up has no entry: then the letter leaves it to the agent's own words.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from recovery.events import Outcome

Tongue = Literal["en", "zh"]
"""A language we have letters in."""


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """One language's way of saying what letters have to say."""

    tag: str
    """BCP 47, for the letter's `lang`."""
    locale: str
    """How dates and amounts are written where the complainant's language names no country."""
    hello: str
    dear: str
    complaint: str
    complaint_of: str
    desk: str
    promises: dict[str, str]
    """By clock: what is done by its due date."""
    found: dict[Outcome, str]
    """What the explanation says of the outcome."""
    ended: dict[Outcome, str]
    """What the closing letter says of it."""
    granted: dict[str, str]
    """By kind of compensation, when the amount is known."""
    granted_in_kind: str
    causes: dict[str, str]
    reasons: dict[str, str]

    def greeting(self, name: str) -> str:
        return self.dear.format(name=name) if name else self.hello

    def about(self, day: str) -> str:
        """The complaint, with the day it was made if that is known."""
        return self.complaint_of.format(day=day) if day else self.complaint

    def grant(self, kind: str, amount: str) -> str:
        return self.granted[kind].format(amount=amount) if amount else self.granted_in_kind


ENGLISH = Wording(
    tag="en",
    locale="en_GB",
    hello="Hello,",
    dear="Dear {name},",
    complaint="your complaint",
    complaint_of="your complaint of {day}",
    desk="Complaints desk, {organisation}",
    promises={
        "acknowledge": "one of us has read your complaint and written to you",
        "explain": "we tell you what went wrong, why, and what follows",
        "resolve": "your complaint is settled",
    },
    found={
        "upheld": "You were right to complain. We got this wrong, and we are sorry.",
        "partly_upheld": "You were right in part. For that part we are sorry.",
        "not_upheld": "We did not find that we had done something wrong. "
        "We know that this is not the answer you hoped for.",
        "withdrawn": "You have taken your complaint back, so we have stopped looking into it.",
        "out_of_scope": "What you describe is not something our desk can decide.",
        "not_known": "",
    },
    ended={
        "upheld": "You were right to complain.",
        "partly_upheld": "You were right in part.",
        "not_upheld": "We did not find that we had done something wrong.",
        "withdrawn": "You have taken it back.",
        "out_of_scope": "It is not something our desk can decide.",
        "not_known": "",
    },
    granted={
        "goodwill": "We are giving you {amount} as a sign of goodwill.",
        "redress": "We are paying you {amount} to put right what we got wrong.",
        "in_kind": "We are making up for it with something other than money, worth {amount}.",
    },
    granted_in_kind="We are making up for it with something other than money.",
    causes={
        "late_delivery": "we delivered late",
        "damaged": "what we delivered was damaged",
        "lost": "we lost it on the way",
        "billing_error": "we charged the wrong amount",
        "faulty_product": "what we sold you was faulty",
        "service_outage": "our service was not available",
        "staff_conduct": "one of us did not treat you properly",
        "wrong_information": "we told you something that was wrong",
        "broken_promise": "we did not keep a promise",
        "slow_response": "we took too long to answer",
        "system_error": "one of our systems made an error",
        "process": "the way we work did not fit your case",
        "third_party": "a firm that works for us made a mistake",
        "misunderstanding": "we did not explain ourselves clearly",
    },
    reasons={
        "delay": "you had to wait too long",
        "loss": "it cost you money",
        "distress": "it caused you trouble and worry",
        "inconvenience": "it cost you time and effort",
        "refund": "you paid for something you did not get",
        "guarantee": "we did not keep what we guarantee",
        "goodwill": "we want you to know that we are sorry",
    },
)

CHINESE = Wording(
    tag="zh-Hans",
    locale="zh_Hans_CN",
    hello="您好！",
    dear="{name}，您好！",
    complaint="您的投诉",
    complaint_of="您{day}的投诉",
    desk="{organisation} 投诉处理组",
    promises={
        "acknowledge": "由专人看过您的投诉，并给您回信",
        "explain": "把问题出在哪里、是什么原因、接下来怎么办告诉您",
        "resolve": "把您的投诉处理完毕",
    },
    found={
        "upheld": "您说得对，这件事是我们没有做好。对不起。",
        "partly_upheld": "您反映的问题，有一部分确实是我们没有做好。对此我们向您道歉。",
        "not_upheld": "我们仔细核实过，没有发现我们有做错的地方。"
        "我们知道，这不是您希望得到的答复。",
        "withdrawn": "您已经撤回这件投诉，我们不再继续调查。",
        "out_of_scope": "您反映的这件事，不在我们能够决定的范围之内。",
        "not_known": "",
    },
    ended={
        "upheld": "您反映的问题属实。",
        "partly_upheld": "您反映的问题部分属实。",
        "not_upheld": "经过核实，我们没有发现做错的地方。",
        "withdrawn": "您已经撤回这件投诉。",
        "out_of_scope": "这件事不在我们能够决定的范围之内。",
        "not_known": "",
    },
    granted={
        "goodwill": "我们送上 {amount}，略表心意。",
        "redress": "这件事是我们没有做好，我们赔付您 {amount}。",
        "in_kind": "我们会用现金以外的方式补偿您，价值 {amount}。",
    },
    granted_in_kind="我们会用现金以外的方式补偿您。",
    causes={
        "late_delivery": "我们送晚了",
        "damaged": "送到的东西有损坏",
        "lost": "东西在运送途中丢失了",
        "billing_error": "我们算错了费用",
        "faulty_product": "卖给您的产品有毛病",
        "service_outage": "我们的服务当时中断了",
        "staff_conduct": "我们的员工对您态度不当",
        "wrong_information": "我们给您的信息有误",
        "broken_promise": "我们没有兑现承诺",
        "slow_response": "我们答复得太慢",
        "system_error": "我们的系统出了错",
        "process": "我们的办事流程没有照顾到您的情况",
        "third_party": "我们委托的公司出了差错",
        "misunderstanding": "我们当时没有说清楚",
    },
    reasons={
        "delay": "让您等了太久",
        "loss": "给您造成了经济损失",
        "distress": "给您添了麻烦和烦恼",
        "inconvenience": "耽误了您的时间和精力",
        "refund": "您付了钱却没有得到应有的东西",
        "guarantee": "我们没有做到自己保证的事",
        "goodwill": "想向您表达歉意",
    },
)

WORDINGS: dict[Tongue, Wording] = {"en": ENGLISH, "zh": CHINESE}


class Promise(msgspec.Struct, frozen=True):
    """A clock that runs, and the last day on which it is kept."""

    clock: str
    due: date
