"""Why was a message not delivered, by what the other server says?

By the enhanced status code (RFC 3463) where it is exact, else by the words, which the large
providers use consistently, else by the plain reply code.
"""

from __future__ import annotations

import re

from web.mail.reading.records import Why

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.])([45]\d\d)(?=[ \-#]|$|\s)")
_BY_STATUS: dict[str, Why] = {
    "1.1": "no_such_mailbox", "1.2": "no_such_domain", "1.3": "no_such_mailbox",
    "1.6": "no_such_mailbox", "1.10": "no_such_domain", "2.0": "mailbox_disabled",
    "2.1": "mailbox_disabled", "2.2": "mailbox_full", "2.3": "too_large", "3.1": "mailbox_full",
    "3.4": "too_large", "4.1": "unreachable", "4.3": "no_such_domain", "4.4": "no_such_domain",
    "4.6": "unreachable", "4.7": "unreachable", "6.1": "bad_message", "6.3": "bad_message",
    "1.351": "no_such_mailbox",
}  # fmt: skip
_BY_WORDS: tuple[tuple[Why, str], ...] = (
    ("refused_by_policy", r"sender verif|verification failed for|sender (?:address )?rejected"),
    ("mailbox_full", r"mail ?box (?:is )?full|over ?quota|quota exceeded|exceeded.{0,20}quota|"
     r"not enough (?:disk )?space|insufficient (?:system )?storage|邮箱(?:已)?满|信箱已滿|容量"),
    ("too_large", r"message.{0,20}too (?:big|large)|size limit|exceeds.{0,30}size|邮件过大"),
    ("refused_as_spam", r"spam|blacklist|blocklist|block list|reputation|bulk mail|垃圾邮件"),
    ("no_such_domain", r"domain (?:name )?not found|host (?:or domain name )?not found|nxdomain|"
     r"no such domain|unrouteable (?:mail )?domain|name service error|dns error|域名"),
    ("no_such_mailbox", r"user ?unknown|unknown (?:user|recipient|address|local)|no such (?:user|"
     r"recipient|mailbox|address|person)|does(?:n't| not) exist|mailbox (?:unavailable|not found)|"
     r"invalid (?:recipient|mailbox|address)|unrouteable address|not our customer|no mailbox|"
     r"recipient (?:address )?rejected: (?:user|undeliverable)|address not found|用户不存在|"
     r"收件人不存在|无此用户|地址不存在|不存在"),
    ("mailbox_disabled", r"(?:account|mailbox|user).{0,20}(?:disabled|suspended|inactive|locked|"
     r"frozen)|停用|冻结"),
    ("try_later", r"grey ?list|try again later|temporar|too many connections|rate limit|deferred"),
    ("unreachable", r"timed? ?out|connection refused|no route|unreachable|not reachable|lost "
     r"connection|could not connect|no smtp connection"),
    ("refused_by_policy", r"access denied|policy|dmarc|spf|dkim|not permitted|administrative|"
     r"prohibited|verif(?:y|ication)|relay"),
)  # fmt: skip
_WORDS = tuple((why, re.compile(words, re.IGNORECASE)) for why, words in _BY_WORDS)
_LOOKED_AT = 2_000


def status(text: str) -> str:
    """The first enhanced status code in it, such as 5.1.1."""
    found = _STATUS.search(text[:_LOOKED_AT])
    return ".".join(found.groups()) if found else ""


def reply(text: str) -> str:
    """The first reply code of a mail server in it, such as 550."""
    found = _REPLY.search(text[:_LOOKED_AT])
    return found[1] if found else ""


def why(status: str, diagnostic: str) -> Why:
    """The reason, as far as it can be told."""
    known = _BY_STATUS.get(status.partition(".")[2])
    if known:
        return known
    looked_at = diagnostic[:_LOOKED_AT]
    for reason, words in _WORDS:
        if words.search(looked_at):
            return reason
    return "refused_by_policy" if ".7." in status else "unknown"


def is_permanent(status: str, reply: str, diagnostic: str) -> bool:
    """Whether trying again is in vain. Without any code, by the words; and else it is, since a
    failure that is reported at all is one the server has given up on."""
    exact = status if status[2:] not in ("0.0", "") else ""
    for code in (exact, reply, status):
        if code[:1] in ("4", "5"):
            return code[0] == "5"
    return why("", diagnostic) not in ("mailbox_full", "try_later", "unreachable")
