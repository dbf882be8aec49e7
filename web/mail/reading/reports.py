"""What does a machine report about an earlier message of ours?

Delivery reports (RFC 3464), receipts (RFC 8098) and abuse reports (RFC 5965), whose fields stand in
parts of their own; those that only use words are read in `notices.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import get_args

from web.mail.reading import diagnosis, headers
from web.mail.reading.addresses import addresses
from web.mail.reading.headers import Block
from web.mail.reading.identity import ids
from web.mail.reading.limits import RECIPIENTS
from web.mail.reading.parts import Part, Tree
from web.mail.reading.records import Action, MessageKind, Recipient, Report

FIELDS = ("message/delivery-status", "message/global-delivery-status",
          "message/disposition-notification", "message/global-disposition-notification",
          "message/feedback-report", "message/x-arf")  # fmt: skip
"""Parts that are for programs only."""
RETURNED = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers",
            "message/rfc822-headers")  # fmt: skip
_ACTIONS: dict[str, Action] = {action: action for action in get_args(Action)}
_EMPTY_LINE = re.compile(rb"\r?\n(?:[ \t]*\r?\n)+")
_MENTIONED = re.compile(r"message-id (?:of|is|:)?\s*<?([^\s<>]{3,300}@[^\s<>]{1,255})>?", re.I)
_LARGEST = 256 * 1024


def read(tree: Tree, text: str) -> tuple[MessageKind, Report] | None:
    """The report and its kind; None when the message has no part that is one."""
    leaves = list(tree.root.leaves())
    fields = next((leaf for leaf in leaves if leaf.type in FIELDS), None)
    if fields is None:
        return None
    groups = _groups(tree.content(fields)[:_LARGEST])
    original = _original(tree, leaves)
    if "disposition-notification" in fields.type:
        return "receipt", _receipt(groups, original)
    if fields.type in ("message/feedback-report", "message/x-arf"):
        return "abuse_report", _abuse(groups, original, text)
    report = _delivery(groups, original, text)
    return kind_of(report.recipients), report


def kind_of(recipients: Iterable[Recipient]) -> MessageKind:
    """The gravest thing that happened to any of them."""
    kinds: set[MessageKind] = set()
    for one in recipients:
        if one.action == "failed":
            hard = diagnosis.is_permanent(one.status, one.reply, one.diagnostic)
            kinds.add("bounce_hard" if hard else "bounce_soft")
        else:
            kinds.add("delayed" if one.action == "delayed" else "receipt")
    order: tuple[MessageKind, ...] = ("bounce_hard", "bounce_soft", "delayed", "receipt")
    return next((kind for kind in order if kind in kinds), "bounce_soft")


def returned(raw: bytes) -> Block:
    """The header of the message that came back."""
    return headers.split(raw[:_LARGEST], 0, min(len(raw), _LARGEST))[0]


def _groups(raw: bytes) -> list[Block]:
    """Blocks of fields with empty lines between them."""
    blocks: list[Block] = []
    for piece in _EMPTY_LINE.split(raw.strip())[: RECIPIENTS + 5]:
        block, _ = headers.split(piece, 0, len(piece))
        if block:
            blocks.append(block)
    return blocks


def _original(tree: Tree, leaves: Iterable[Part]) -> Block:
    found = next((leaf for leaf in leaves if leaf.type in RETURNED), None)
    return returned(tree.content(found)) if found else Block()


def _field(blocks: Iterable[Block], name: str) -> str:
    return next((block.first(name) for block in blocks if name in block), "")


def _after_type(value: str) -> str:
    """Past the `rfc822;` of an address or the `smtp;` of a diagnostic."""
    kind, mark, rest = value.partition(";")
    return rest.strip() if mark and len(kind) < 20 else value.strip()


def _message_id(original: Block, *also: str) -> str:
    for value in (original.first("message-id"), *also):
        found = ids(value)
        if found:
            return found[0]
    return ""


def _delivery(groups: list[Block], original: Block, text: str) -> Report:
    recipients = [one for block in groups if (one := _recipient(block, text)) is not None]
    return Report(
        recipients=tuple(dict.fromkeys(recipients))[:RECIPIENTS],
        original_id=_message_id(original, _field(groups, "x-original-message-id")),
        original_envelope=_field(groups, "original-envelope-id")[:200],
        original_subject=original.first("subject")[:200],
    )


def _recipient(block: Block, text: str) -> Recipient | None:
    named = _after_type(block.first("final-recipient") or block.first("original-recipient"))
    given = _after_type(block.first("original-recipient"))
    if not named and "action" not in block:
        return None
    found = addresses(given) or addresses(named) or ([named] if named else [])
    action = (block.first("action").lower().split() or ["failed"])[0].strip("();,")
    diagnostic = _after_type(block.first("diagnostic-code"))[:500]
    status = diagnosis.status(block.first("status")) or diagnosis.status(diagnostic)
    exact = diagnosis.status(diagnostic) if status.endswith(".0.0") else ""
    status = exact if exact[:1] == status[:1] and exact else status
    return Recipient(
        address=found[0][:320] if found else "",
        action=_ACTIONS.get(action, "failed"),
        status=status, reply=diagnosis.reply(diagnostic), diagnostic=diagnostic,
        why=diagnosis.why(status, f"{diagnostic}\n{'' if diagnostic else text}"),
    )  # fmt: skip


def _receipt(groups: list[Block], original: Block) -> Report:
    to = _after_type(_field(groups, "final-recipient"))
    disposition = _field(groups, "disposition").rpartition(";")[2].strip().lower()
    return Report(
        recipients=(Recipient(address=(addresses(to) or [""])[0], action="delivered"),),
        original_id=_message_id(original, _field(groups, "original-message-id")),
        original_subject=original.first("subject")[:200],
        disposition=disposition.partition("/")[0][:40],
    )


def _abuse(groups: list[Block], original: Block, text: str) -> Report:
    mentioned = _MENTIONED.search(text[:10_000])
    who = addresses(_after_type(_field(groups, "original-rcpt-to"))) or addresses(
        " ".join(original.plain("to"))
    )
    return Report(
        recipients=tuple(Recipient(address=one, action="delivered") for one in who[:RECIPIENTS]),
        original_id=_message_id(original, f"<{mentioned[1]}>" if mentioned else ""),
        original_subject=original.first("subject")[:200],
        feedback=(_field(groups, "feedback-type").split() or ["abuse"])[0].lower()[:40],
    )
