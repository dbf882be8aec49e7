"""What does a notice of non-delivery say that is only words?

Many servers report failures in a letter of their own instead of RFC 3464, or break the one they
write. They are found by who writes and how, and read for addresses, codes and the copy of the
message that follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from web.mail.reading import diagnosis, headers
from web.mail.reading.addresses import addresses
from web.mail.reading.headers import Block
from web.mail.reading.identity import ids
from web.mail.reading.records import Action, Recipient, Report

_MACHINE = re.compile(
    r"^(?:mailer-?daemon|postmaster|mail-?daemon|maildaemon|bounces?|mail\.?delivery|"
    r"microsoftexchange[0-9a-f]*|double-?bounce)(?:[+\-=.].{0,200})?@",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver(?:able|ed)|undelivered mail|delivery (?:status notification|failure|failed|has "
    r"failed|notification|problem|report|unsuccessful)|mail delivery (?:failed|failure|problem)|"
    r"failure notice|returned (?:mail|to sender)|message (?:delivery|you sent|not delivered)|"
    r"could not (?:be delivered|send)|delivery incomplete|warning: (?:could not|message)|"
    r"non[ -]?remis|unzustellbar|fehlgeschlagen|no se (?:ha )?pudo entregar|退信|系统退信|投递失败|"
    r"无法投递|無法傳遞|未送达|邮件被退回|配信(?:不能|に失敗)|不达|недоставлен",
    re.IGNORECASE,
)
_FAILURE = re.compile(
    r"(?:delivery|message).{0,80}(?:fail|not be delivered|undeliver|rejected)|wasn't able to "
    r"deliver|unable to deliver|could(?:n't| not) be delivered|permanent (?:error|failure)|"
    r"addresses had .{0,40}(?:problems|errors)|配信に失敗|无法(?:送达|投递|发送)|投递失败|退信|"
    r"無法傳遞",
    re.IGNORECASE,
)
_DELAY = re.compile(
    r"will (?:keep|continue|retry|be retried|try again)|still (?:trying|undelivered)|not yet been "
    r"delivered|delivery (?:is |has been |temporarily )?(?:delayed|suspended|incomplete)|warning "
    r"message only|do not need to resend|no action is required on your part|"
    r"将继续(?:尝试|重试)|延迟投递",
    re.IGNORECASE,
)
_COPY = re.compile(
    r"^[ \t>*-]{0,40}(?:original message(?: (?:follows|headers)\.?)?|"
    r"below this line is a copy of the message\.?|"
    r"(?:this is|here is) (?:a )?copy of (?:your|the) (?:original )?message.{0,80}|"
    r"returned message.{0,40}|unsent message.{0,40}|the (?:header|body) of (?:the|your) original "
    r".{0,80}|(?:the )?original message(?:'s)? headers?:?|message headers? follows?.{0,40}|"
    r"message contents? follows?.{0,40}|included (?:is|below).{0,80}|"
    r"原(?:始)?邮件.{0,20}|原信.{0,20})"
    r"[ \t*-]{0,60}:?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_FIELD_LINE = re.compile(r"^(?:Return-Path|Received|Message-I[dD]|MIME-Version|From|Date):", re.M)
_BEFORE_COLON = re.compile(r"^[ \t]*<?([^\s<>@]{1,128}@[^\s<>:]{1,255})>?[ \t]*:?[ \t]*$", re.M)
_READ = 20_000


def is_machine(address: str) -> bool:
    """Whether mail servers write under this address."""
    return bool(_MACHINE.match(address))


def read(block: Block, text: str, *, machine: bool, ours: Iterable[str]) -> Report | None:
    """The report a notice makes; None when the message is no such notice.

    `machine` says whether a mail server sent it, `ours` whom it cannot be about.
    """
    failed = addresses(" ".join(block.plain("x-failed-recipients")))
    declared = headers.parse(block, "content-type").parameters.get("report-type", "").lower()
    subject = block.first("subject")
    says_so = machine and (_SUBJECT.search(subject) or _FAILURE.search(text[:_READ]))
    if not (failed or declared == "delivery-status" or says_so):
        return None
    notice, copy = _parted(text)
    not_about = {address.lower() for address in ours}
    about = failed or [a for a in _named(notice) if a.lower() not in not_about]
    delayed = bool(_DELAY.search(f"{subject}\n{notice}")) and not re.search(
        r"given up|giving up|gave up|will be deleted", notice, re.IGNORECASE
    )
    recipients = tuple(_recipient(one, notice, "delayed" if delayed else "failed") for one in about)
    return Report(
        recipients=recipients or (_recipient("", notice, "delayed" if delayed else "failed"),),
        original_id=_original_id(copy, block),
        original_subject=copy.first("subject")[:200],
    )


def _parted(text: str) -> tuple[str, Block]:
    """The server's own words, and the header of the copy that follows them."""
    looked_at = text[:_READ]
    mark = _COPY.search(looked_at)
    at = mark.end() if mark else -1
    if at < 0:
        field = next(
            (
                f
                for f in _FIELD_LINE.finditer(looked_at)
                if len(_FIELD_LINE.findall(looked_at[f.start() : f.start() + 2000])) > 2
            ),
            None,
        )
        at = field.start() if field else len(looked_at)
    raw = text[at : at + 8 * _READ].strip().encode("utf-8", "replace")
    return looked_at[: mark.start() if mark else at], headers.split(raw, 0, len(raw))[0]


def _named(notice: str) -> list[str]:
    """The addresses a notice is about: those on a line of their own, else all in it."""
    alone = addresses("\n".join(_BEFORE_COLON.findall(notice)))
    return [a for a in alone or addresses(notice) if not is_machine(a)][:20]


def _recipient(address: str, notice: str, action: Action) -> Recipient:
    status, reply = diagnosis.status(notice), diagnosis.reply(notice)
    return Recipient(
        address=address, action=action, status=status, reply=reply,
        diagnostic=_diagnostic(notice, reply or status), why=diagnosis.why(status, notice),
    )  # fmt: skip


def _diagnostic(notice: str, code: str) -> str:
    """The line with the code in it, or the last one that says something."""
    lines = [" ".join(line.split()) for line in notice.splitlines() if line.strip()]
    telling = [line for line in lines if code and code in line] or [
        line for line in lines if diagnosis.why("", line) != "unknown"
    ]
    return (telling or lines[-1:] or [""])[0][:500]


def _original_id(copy: Block, block: Block) -> str:
    found = ids(copy.first("message-id")) or ids(" ".join(block.plain("in-reply-to")))
    return found[0] if found else ""
