"""What does an audit say to programs and spreadsheets? The same figures to both."""

from __future__ import annotations

import csv
import io
from datetime import UTC
from typing import Any

import msgspec

from recovery.errors import Invalid
from web.fairness import limits, sentences
from web.fairness.stored import Audit
from web.spreadsheets import BYTE_ORDER_MARK, disarmed


def as_json(audit: Audit) -> dict[str, Any]:
    """The whole audit as it was recorded, with the sentences in English."""
    ran, question, answer = audit.ran, audit.question, audit.answer
    signed = audit.signed
    return {
        "id": audit.id,
        "version": audit.version,
        "at": ran.at,
        "by": ran.by,
        "question": question,
        "sentences": sentences.headline(answer, question, _english),
        "remarks": [sentences.remark(each, answer, question, _english) for each in answer.remarks]
        + [sentences.CONDITIONAL],
        "result": answer,
        "digest": ran.digest,
        "log_position": ran.log_position,
        "areas": ran.areas,
        "policies": ran.policies,
        "code": ran.code,
        "signed_off": {"at": signed.at, "by": signed.by} if signed else None,
    }


def as_csv(audit: Audit, name: str) -> str:
    """One table; raises Invalid for one that there is not. Empty cells are not shown to anybody."""
    found = {table.name: table for table in limits.told(audit.answer, audit.question)}
    if name not in found:
        raise Invalid(f"There is no {name[:40]!r} (there are {', '.join(found)}).", field="table")
    lines = io.StringIO(BYTE_ORDER_MARK, newline="")
    lines.seek(0, io.SEEK_END)
    writer = csv.writer(lines)
    writer.writerow(column for column, _ in found[name].columns)
    for row in found[name].rows:
        writer.writerow(disarmed(cell) if isinstance(cell, str) else cell for cell in row)
    return lines.getvalue()


def file_name(audit: Audit, what: str) -> str:
    """Which audit, what of it, and as of when."""
    return f"audit-{audit.id}-{what}-{audit.question.as_of.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def as_bytes(audit: Audit) -> bytes:
    return msgspec.json.encode(as_json(audit))


def _english(sentence: str) -> str:
    return sentence
