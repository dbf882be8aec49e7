"""What does a colleague have to know of a promise that is in danger or broken?

A step of an escalation owes them a notice: which complaint, which promise, what the step did, what
to do next. Nothing that the complainant said or is called stands in it.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from babel import Locale
from babel.dates import format_date

from recovery.events import Severity
from recovery.reference import show
from recovery.vault import WrittenLetter
from web.i18n import catalogue
from web.mail.letters import addressable, filled, tongue
from web.mail.wording import WORDINGS, Tongue

CONTEXT = frozenset(
    {
        "language", "subject", "headline", "greeting", "state", "reference", "link", "holder",
        "raised", "todo", "answer", "desk",
    }
)  # fmt: skip
"""Every value that the three templates may use, and do use."""


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """One language's way of telling a colleague."""

    is_late: str
    is_open: str
    """For the subject."""
    late: str
    soon: str
    stands: str
    yours: str
    anothers: str
    nobodys: str
    given_to_you: str
    given_to_another: str
    raised: str
    """Follows one of the sentences before."""
    ask: str
    take: str
    acts: dict[str, str]
    """By clock: what keeps the promise."""
    act: str
    """What keeps one that we have no words for."""
    wait: str
    answer: str
    """How to answer the notice itself."""
    no_answer: str
    instant: str


ENGLISH = Wording(
    is_late="“{clock}” is late",
    is_open="“{clock}” is not done yet",
    late="“{clock}” was due on {due} and is not done.",
    soon="“{clock}” is due on {due} and is not done yet.",
    stands="“{clock}” is not done. Its time stands still while we wait for somebody.",
    yours="You have this complaint.",
    anothers="{name} has this complaint.",
    nobodys="Nobody has this complaint.",
    given_to_you="Because of this you have the complaint now.",
    given_to_another="Because of this {name} has the complaint now.",
    raised=" Because of this its severity is “{severity}” now.",
    ask="Ask {name} what is missing, or take the complaint yourself.",
    take="Take it, or give it to somebody.",
    acts={
        "acknowledge": "Read it and acknowledge it.",
        "explain": "Tell the complainant what went wrong, why, and what follows.",
        "resolve": "Settle it and close it.",
        "answer": "Answer the complainant.",
    },
    act="Do what was promised.",
    wait=" If you have to wait for somebody or need longer, say so on its page.",
    answer="Answer this mail to write to the complainant: your words leave as the desk's letter, "
    "and this notice stays with us.",
    no_answer="This notice was sent automatically, to colleagues only. Please do not answer it.",
    instant="{day}, {time}",
)
CHINESE = Wording(
    is_late="“{clock}”已超时",
    is_open="“{clock}”还没有完成",
    late="“{clock}”应在 {due} 之前完成，现在已经超时，还没有完成。",
    soon="“{clock}”应在 {due} 之前完成，现在还没有完成。",
    stands="“{clock}”还没有完成。因为在等人答复，时限暂停计算。",
    yours="这件投诉由您处理。",
    anothers="这件投诉由{name}处理。",
    nobodys="这件投诉还没有人处理。",
    given_to_you="因此，这件投诉已经转给您处理。",
    given_to_another="因此，这件投诉已经转给{name}处理。",
    raised="严重程度也因此改为“{severity}”。",
    ask="请问一问{name}还差什么，或者由您接手。",
    take="请您接手，或者交给一位同事。",
    acts={
        "acknowledge": "请看一遍投诉，并确认收到。",
        "explain": "请告诉投诉人问题出在哪里、是什么原因、接下来怎么办。",
        "resolve": "请把投诉处理完毕并关闭。",
        "answer": "请给投诉人答复。",
    },
    act="请完成承诺的事。",
    wait="如果要等人答复，或者需要更多时间，请在投诉页面上注明。",
    answer="如要写信给投诉人，请直接回复这封邮件：您写的内容会作为本处的信件发出，这封通知不会随信发出。",
    no_answer="这封通知由系统自动发出，只发给同事。请不要回复。",
    instant="{day} {time}",
)
SAID: dict[Tongue, Wording] = {"en": ENGLISH, "zh": CHINESE}


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a notice is written from."""

    reference: str
    to: str
    name: str
    language: str
    zone: ZoneInfo
    """The colleague's."""
    clock: str
    due: datetime | None
    """None: the promise stands still."""
    at: datetime
    """When the step was due."""
    holder: str = ""
    """Who has the complaint, by name; empty: nobody."""
    is_mine: bool = False
    """Whether that is the colleague."""
    given: bool = False
    """Whether the step gave it to them."""
    severity: Severity | None = None
    """What the step raised it to."""
    base_url: str
    organisation: str
    answerable: bool = False
    """Whether what they answer reaches the complainant."""

    @property
    def is_late(self) -> bool:
        return self.due is not None and self.due <= self.at


def write(notice: Notice) -> WrittenLetter:
    """The notice in the colleague's language."""
    spoken = tongue(notice.language)
    said, wording = SAID[spoken], WORDINGS[spoken]
    reference = show(notice.reference)
    values = {
        "language": wording.tag,
        "headline": _headline(notice, spoken),
        "greeting": wording.greeting(addressable(notice.name)),
        "state": _state(notice, spoken),
        "reference": reference,
        "link": f"{notice.base_url}/complaints/{reference}",
        "holder": _holder(notice, said),
        "raised": said.raised.format(severity=word(notice.severity, spoken))
        if notice.severity
        else "",
        "todo": _todo(notice, said),
        "answer": said.answer if notice.answerable else said.no_answer,
        "desk": wording.desk.format(organisation=notice.organisation),
    }
    return filled(f"letters/{spoken}/notice", values, to=notice.to, name=notice.name)


def word(code: str, spoken: Tongue) -> str:
    """A code as the pages say it; a test holds the two together."""
    plain = code.replace("_", " ").strip()
    return catalogue(spoken).gettext(plain[:1].upper() + plain[1:])


def _headline(notice: Notice, spoken: Tongue) -> str:
    said = SAID[spoken].is_late if notice.is_late else SAID[spoken].is_open
    return said.format(clock=word(notice.clock, spoken))


def _state(notice: Notice, spoken: Tongue) -> str:
    said, clock = SAID[spoken], word(notice.clock, spoken)
    if notice.due is None:
        return said.stands.format(clock=clock)
    sentence = said.late if notice.is_late else said.soon
    return sentence.format(clock=clock, due=_instant(notice.due, notice.zone, spoken))


def _instant(at: datetime, zone: ZoneInfo, spoken: Tongue) -> str:
    there = at.astimezone(zone)
    day = format_date(there.date(), "full", locale=Locale.parse(WORDINGS[spoken].locale))
    return SAID[spoken].instant.format(day=day, time=f"{there:%H:%M} {there.tzname()}")


def _holder(notice: Notice, said: Wording) -> str:
    if notice.is_mine:
        return said.given_to_you if notice.given else said.yours
    if not notice.holder:
        return said.nobodys
    return (said.given_to_another if notice.given else said.anothers).format(name=notice.holder)


def _todo(notice: Notice, said: Wording) -> str:
    if notice.is_mine:
        return said.acts.get(notice.clock, said.act) + said.wait
    return said.ask.format(name=notice.holder) if notice.holder else said.take
