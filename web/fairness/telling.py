"""What does an audit say to programs and spreadsheets? The same figures to both."""

from __future__ import annotations

from typing import Any

import msgspec

from recovery.fairness.records import Answer, Question
from web.fairness import sentences
from web.fairness.running import Run


def as_json(run: Run) -> dict[str, Any]:
    """The whole audit as it was recorded, with the sentences in English."""
    return told(
        run.question, run.answer, id=run.audit, digest=run.found.digest, code=run.found.code,
        log_position=run.found.log_position, areas=run.found.areas,
    )  # fmt: skip


def told(question: Question, answer: Answer, **facts: Any) -> dict[str, Any]:
    def same(sentence: str) -> str:
        return sentence

    return {
        **facts,
        "question": msgspec.to_builtins(question),
        "sentences": sentences.headline(answer, question, same),
        "remarks": [sentences.remark(each, answer, question, same) for each in answer.remarks]
        + [sentences.CONDITIONAL],
        "result": msgspec.to_builtins(answer),
    }  # fmt: skip
