"""Which words are the sender's own, and which are quoted from before or a signature?

Line by line and in linear time. Nothing is thrown away: together the passages are the message.
Where no word of the sender's own would remain, as in a bare forward, everything counts as theirs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from web.mail.reading.records import Passage

_Kind = Literal["own", "quoted", "signature"]

_OPENS = re.compile(
    r"\s*(?:(?:On|At|Le|Am|Den|El|Il|Em|Op|Dnia|W dniu|В|Во|Il giorno)\s|[<\"“]?\S{0,60}@|"
    r"在|于|於|(?:mon|tue|wed|thu|fri|sat|sun|周|星期|\d{1,4})\S{0,20}[\s,.年/-])",
    re.IGNORECASE,
)
_CLOSES = re.compile(
    r"(?:wrote|writes|a écrit|schrieb[^:\n]{0,80}|escribió|ha scritto|escreveu|skrev[^:\n]{0,80}|"
    r"schreef[^:\n]{0,80}|napisał(?:\(a\))?|написал\S*|пишет|写道|寫道|写到|のメッセージ|작성)"
    r"\s*[:：]\s*$",
    re.IGNORECASE,
)
_ABOVE_REST = re.compile(
    r"\s*(?:"
    r"-{2,}\s*(?:Original(?: Message| Appointment)?|Forwarded [Mm]essage(?: [^-\n]{0,60})?|"
    r"Replied Message|Begin forwarded message|Ursprüngliche Nachricht|Message d'origine|"
    r"Mensaje original|Исходное сообщение|原始邮件|原始郵件|原始訊息|回复的原邮件|回复的邮件|"
    r"转发的邮件|转发邮件信息|轉寄郵件|转发的原邮件|元のメッセージ)\s*-{2,}"
    r"|Begin forwarded message:|以下是转发的邮件[:：]|-{3,}\s*Reply to message\s*-{3,})\s*$",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"[\s*]{0,8}(?:From|Von|De|Da|Van|Från|От|发件人|寄件者|寄件人|差出人|보낸 ?사람)"
    r"\s{0,3}\*?[:：]",
    re.IGNORECASE,
)
_WITH_FROM = re.compile(
    r"[\s*]{0,8}(?:Sent|Date|To|Subject|Gesendet|Datum|An|Betreff|Envoyé|Objet|À|Enviado|Para|Asunto|"
    r"Inviato|Oggetto|Отправлено|Кому|Тема|发送时间|发送日期|时间|日期|收件人|主题|寄件日期|傳送時間|"
    r"收件者|主旨|送信日時|宛先|件名|보낸 날짜|받는 사람|제목)\s{0,3}\*?[:：]",
    re.IGNORECASE,
)
_DEVICE = re.compile(
    r"\s*(?:Sent (?:from|via|with) (?:my |the |Yahoo|Outlook|Mail|Proton|Samsung|Windows|Gmail)|"
    r"Get Outlook for |Gesendet (?:von|mit) |Envoyé (?:de|depuis) |Enviado desde |"
    r"Отправлено (?:с|из) |发自(?:我的|网易|手机|Foxmail)|發自我的|来自(?:我的|网易)|來自我的|"
    r"从我的.{0,20}发送|從我的.{0,20}傳送|獲取 ?Outlook|获取 ?Outlook|通过.{0,16}(?:邮箱|手机)发送)"
    r".{0,80}$",
    re.IGNORECASE,
)
_SIGNED = re.compile(r"--[ \t]*$")
_QUOTE = re.compile(r"\s{0,3}[>＞]")
_RULE = "_" * 10
_BEGINNINGS = (_QUOTE, _OPENS, _ABOVE_REST, _FROM, _DEVICE, _SIGNED)
_NOTABLE = re.compile("|".join((_RULE, *(p.pattern for p in _BEGINNINGS))), re.IGNORECASE)
"""How any line begins at which something else than the words before it may begin."""
_SIGNATURE_LINES = 12
_ATTRIBUTION_CHARS = 600
_LINES = 5_000
"""Looked at; those after them belong to the last passage."""


def divide(text: str) -> tuple[Passage, ...]:
    """The words in passages, in order."""
    lines = text.split("\n")
    kinds = _kinds(lines)
    passages: list[Passage] = []
    start = 0
    for index in range(1, len(lines) + 1):
        if index == len(lines) or kinds[index] != kinds[start]:
            words = "\n".join(lines[start:index]).strip("\n")
            if words.strip():
                passages.append(Passage(kind=kinds[start], text=words))
            start = index
    if passages and not any(p.kind == "own" for p in passages):
        return (Passage(kind="own", text=text.strip("\n")),)
    return tuple(passages)


def _kinds(lines: Sequence[str]) -> list[_Kind]:
    """Of each line; an empty line goes with the one before it."""
    kinds: list[_Kind] = []
    current: _Kind = "own"
    while len(kinds) < min(len(lines), _LINES):
        index = len(kinds)
        line = lines[index]
        taken = 1
        if not line.strip():
            pass
        elif not _NOTABLE.match(line[:200]):
            current = "own" if current == "quoted" else current
        elif _begins_history(lines, index):
            kinds.extend(["quoted"] * (len(lines) - index))
            break
        elif _QUOTE.match(line):
            current = "quoted"
        elif length := _attribution(lines, index):
            if not _is_quoted_next(lines, index + length):
                kinds.extend(["quoted"] * (len(lines) - index))
                break
            current, taken = "quoted", length
        elif current == "own" and kinds and _begins_signature(lines, index):
            current = "signature"
        elif current == "quoted":
            current = "own"
        kinds.extend([current] * taken)
    kinds.extend([current] * (len(lines) - len(kinds)))
    return kinds


def _begins_history(lines: Sequence[str], index: int) -> bool:
    """Whether everything from here on is an earlier message, without marks at its lines."""
    line = lines[index][:200]
    if _ABOVE_REST.match(line):
        return True
    is_rule = line.startswith(_RULE) and not line.strip("_ ")
    if not is_rule and not _FROM.match(line):
        return False
    following = [later[:200] for later in lines[index + 1 : index + 7] if later.strip()]
    if is_rule:
        return bool(following and _FROM.match(following[0]))
    return sum(bool(_WITH_FROM.match(x)) for x in following[:5]) >= 2


def _attribution(lines: Sequence[str], index: int) -> int:
    """How many lines say who wrote what is quoted next; none, if these do not."""
    if not _OPENS.match(lines[index][:100]):
        return 0
    joined = ""
    for length in range(1, 5):
        if index + length > len(lines) or not lines[index + length - 1].strip():
            return 0
        joined = f"{joined} {lines[index + length - 1]}".strip()
        if len(joined) > _ATTRIBUTION_CHARS:
            return 0
        if _CLOSES.search(joined[-160:]) and re.search(r"\d|@", joined):
            return length
    return 0


def _is_quoted_next(lines: Sequence[str], index: int) -> bool:
    following = next((x for x in lines[index : index + 5] if x.strip()), "")
    return bool(_QUOTE.match(following))


def _begins_signature(lines: Sequence[str], index: int) -> bool:
    if _DEVICE.match(lines[index][:200]):
        return True
    if not _SIGNED.match(lines[index]):
        return False
    rest = 0
    for later in lines[index + 1 : index + 3 * _SIGNATURE_LINES]:
        if _QUOTE.match(later) or _ABOVE_REST.match(later[:200]) or _FROM.match(later[:200]):
            break
        rest += bool(later.strip())
        if rest > _SIGNATURE_LINES:
            return False
    return True
