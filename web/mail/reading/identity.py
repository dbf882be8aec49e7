"""Who sent this to whom, when, and in answer to what?"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from web.mail.reading.addresses import addresses, is_of, parties, split
from web.mail.reading.headers import Block
from web.mail.reading.limits import REFERENCES, SUBJECT_CHARS
from web.mail.reading.records import Envelope, Here, Identity, Party, Verdict

_ID = re.compile(r"<\s*([^<>\s][^<>]{0,998})>")
_BARE_ID = re.compile(r"[^\s<>,;()\"]{1,500}@[^\s<>,;()\"]{1,255}")
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to",
              "x-forwarded-to", "apparently-to")  # fmt: skip
_METHOD = re.compile(r"\b(spf|dkim|dmarc|arc)\s*=\s*([a-z]{2,12})\b", re.IGNORECASE)
_DOMAIN = re.compile(
    r"\b(?:header\.(?:d|i|from)|smtp\.(?:mailfrom|mail|helo))\s*=\s*\"?([^\s;\"]{1,300})",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"\([^()]*\)")


def read(block: Block, here: Here, envelope: Envelope) -> Identity:
    """What the header says, and the envelope where it is known."""
    authors = parties(block, "from")
    answers = ids(" ".join(block.plain("in-reply-to")))
    given = block.first("date")
    return Identity(
        message_id=next(iter(ids(" ".join(block.plain("message-id")[:1]))), ""),
        in_reply_to=answers,
        references=_newest_first(ids(" ".join(block.plain("references"))), answers),
        sender=_first_reachable(authors),
        authors=authors,
        reply_to=parties(block, "reply-to"),
        submitted_by=_first_reachable(parties(block, "sender")),
        to=parties(block, "to"), cc=parties(block, "cc"),
        delivered_to=_delivered(block, envelope),
        envelope_sender=_envelope_sender(block, envelope),
        subject=block.first("subject")[:SUBJECT_CHARS],
        date_given=given[:100], date=instant(given),
        verdicts=_verdicts(block, here, _first_reachable(authors).address),
    )  # fmt: skip


def ids(value: str) -> tuple[str, ...]:
    """Message-IDs in order, without brackets; also those that were sent without them."""
    found = [re.sub(r"\s+", "", inside) for inside in _ID.findall(value)]
    return tuple(dict.fromkeys(found or _BARE_ID.findall(value)))[-REFERENCES:]


def _newest_first(references: tuple[str, ...], answers: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*answers, *reversed(references))))[:REFERENCES]


def _first_reachable(found: tuple[Party, ...]) -> Party:
    return next((p for p in found if p.address), found[0] if found else Party())


def _delivered(block: Block, envelope: Envelope) -> tuple[str, ...]:
    named = [a for name in _DELIVERED for value in block.plain(name) for a in addresses(value)]
    return tuple(dict.fromkeys((*envelope.recipients, *named)))


def _envelope_sender(block: Block, envelope: Envelope) -> str | None:
    if envelope.sender is not None:
        return envelope.sender.strip().strip("<>")
    for name in ("return-path", "x-envelope-from", "envelope-from"):
        for value in block.plain(name):
            named = split(value)
            return named[0].address if named else ""
    return None


def instant(given: str) -> datetime | None:
    """The Date header as UTC; None when it is none."""
    try:
        found = parsedate_to_datetime(given[:100])
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return found.astimezone(UTC)
    except (TypeError, ValueError, IndexError, OverflowError, AttributeError):
        return None


def _verdicts(block: Block, here: Here, sender: str) -> tuple[Verdict, ...]:
    """What our own border says; of two verdicts by one method the topmost, and of several DKIM
    signatures one that passed, the sender's own before any other."""
    ours = {name.lower() for name in here.authserv_ids}
    found: dict[str, Verdict] = {}
    for value in block.plain("authentication-results") if ours else ():
        server, _, results = _COMMENT.sub(" ", value).partition(";")
        if (server.split() or [""])[0].lower() not in ours:
            continue
        new: dict[str, Verdict] = {}
        for result in results.split(";"):
            verdict = _verdict(result)
            if verdict and _weight(verdict, sender) > _weight(new.get(verdict.method), sender):
                new[verdict.method] = verdict
        found = {**new, **found}
    return tuple(found[method] for method in sorted(found))


def _weight(verdict: Verdict | None, sender: str) -> int:
    if verdict is None:
        return 0
    return 1 + (verdict.result == "pass") * (1 + is_of(verdict.domain, sender))


def _verdict(result: str) -> Verdict | None:
    method = _METHOD.match(result.strip())
    if not method:
        return None
    domain = _DOMAIN.search(result)
    named = domain[1].rpartition("@")[2].lower() if domain else ""
    return Verdict(method=method[1].lower(), result=method[2].lower(), domain=named)
