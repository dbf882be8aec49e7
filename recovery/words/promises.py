"""Does a promise say by when, and an explanation why and what follows?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from recovery.words.findings import Finding

_SENTENCE = re.compile(r"[^。！？；!?;\n]+?(?:[。！？；!?;\n]|\.(?=\s|$)|$)")
_SOON_ZH = re.compile(
    r"(?:会|将|马上)?(?:尽快|尽早|尽速|稍后|近期|不久|过几天|过一段时间|抓紧|第一时间|及时|早日)(?:就)?(?:会|将)?"
    r"(?:[^。！？；，,\n]{0,6})(?:给您|为您|向您|跟您|与您|和您|回复|答复|联系|处理|解决|退|寄|补|安排|改正|办)"
)
_SOON_EN = re.compile(
    r"\b(?:as soon as (?:possible|we can|I can)|asap|shortly|in due course|in the near future|soon"
    r"|at (?:our|the) earliest(?: convenience)?|before long|eventually"
    r"|when(?:ever)? (?:we|I) can)\b",
    re.IGNORECASE,
)
_WE_WILL = re.compile(
    r"\b(?:we|I|somebody|someone|a colleague|you|it|this)(?: will| shall|[’']ll| are going to)\b",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"\d|今[天日晚]|明[天日早晚]|后天|[周週][一二三四五六日末]|星期|礼拜|[本下]周|[本下]个?月|[一二三四五六七八九十两]"
    r"[个]?(?:工作日|小时|天|日|周|分钟)|月底|年底|当[天日]"
    r"|\b(?:today|tonight|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|(?:one|two|three|four|five|six|seven|ten|a|this|next|the same) (?:working |business )?"
    r"(?:day|hour|week|month)s?|january|february|march|april|june|july|august|september|october"
    r"|november|december|(?:by|in|of) may)\b",
    re.IGNORECASE,
)
_CAUSE = re.compile(
    r"因为|因此|由于|原因|导致|造成|所致|之所以|出在|起因|缘于|问题在于|源于|因[^此]"
    r"|故障|停电|中断|[弄搞填算记发送][错漏]|遗漏|丢失|损坏|失误|差错|疏漏|忘记|漏[发登算寄]|天气|没有按|未按"
    r"|\b(?:because|due to|caus(?:e|ed|es|ing)|reasons?|owing to|as a result|led to|resulted|since"
    r"|happened when|went wrong|why|broke|broken|fail(?:ed|ure)|fault\w*|mistakes?|errors?|wrong\w*"
    r"|lost|damaged|missed|forgot\w*|outage|strike|storm|flood\w*|stuck|mislaid"
    r"|overlooked|did not)\b",
    re.IGNORECASE,
)
"""Words of causing, or of what commonly goes wrong."""
_CONSEQUENCE = re.compile(
    r"(?:我们|已|已经|将|会|正在)[^。！？；\n]{0,20}(?:退|补|赔|换|修|改|查|培训|处理|安排|寄|送|调整|更正|加强|核|免|"
    r"通知|联系|增加|避免|解决|道歉|答复)|今后|以后|下一步|为此|以免|不再|改进|整改|予以|给予"
    r"|\bwe(?: have| will| are| shall|[’'](?:ve|ll|re))\b|\b(?:I have|I will|I[’']ve|I[’']ll)\b"
    r"|\bfrom now on\b|\bso that\b|\bnext (?:step|time)\b|\b(?:refund|replace|repair|correct)\w*\b",
    re.IGNORECASE,
)


def undated(own: str) -> Iterator[Finding]:
    """Promises in sentences that name no day."""
    for sentence in _SENTENCE.finditer(own):
        said = sentence[0]
        found = _SOON_ZH.search(said) or (_WE_WILL.search(said) and _SOON_EN.search(said))
        if found and not _DATED.search(said):
            at = sentence.start()
            yield Finding(at + found.start(), at + found.end(), "promise_without_date")


def cause_is_missing(own: str) -> bool:
    return not _CAUSE.search(own)


def consequence_is_missing(own: str) -> bool:
    return not _CONSEQUENCE.search(own)
