"""Is every event said in one sentence, and is nothing personal in any of them?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from recovery import events
from recovery.events import (
    VOCABULARY,
    Event,
    InBatch,
    Keeping,
    Letter,
    Moved,
    PaperRef,
    QualityQuestion,
    Share,
    Sign,
)
from recovery.money import Money
from recovery.policy.guarantees.trace import Step

NAMES = pytest.mark.parametrize("kind", VOCABULARY, ids=lambda kind: kind.__name__)
RECORDS = {InBatch, Keeping, PaperRef, Letter, Money, Moved, QualityQuestion, Share, Sign, Step}
"""What an event may be composed of, apart from the plain types."""
PLAIN = (
    msgspec.inspect.DateTimeType,
    msgspec.inspect.DateType,
    msgspec.inspect.LiteralType,
    msgspec.inspect.IntType,
    msgspec.inspect.FloatType,
    msgspec.inspect.BoolType,
    msgspec.inspect.NoneType,
)
CODES = {
    # who and why
    "by", "cause", "agent", "to", "reason", "cause_code", "why",
    # what about: codes an organisation declares, and facts by the names of its policies
    "traces", "category", "product", "tier", "language", "source", "flags", "attributes", "facts",
    "milestone", "guarantee", "occurrence", "accrues_until", "connector",
    # references
    "party", "sender", "filed", "complainant", "complaint", "complaints", "message_id", "policy",
    "policy_version", "version", "version_before", "clock", "payment", "payout", "budget",
    "proposed_by", "fingerprint", "digest", "statement", "form",
    # colleagues and teams
    "assigned", "notified", "mentions", "staff",
    # ISO dates, by calendar
    "holidays", "working_days",
    # audits: what was asked in codes, which versions of what it rests on, and the areas' columns
    "measure", "question", "areas", "policies", "code", "group", "stratum", "attribute",
    "columns", "audit", "zone",
    # forgetting: papers and messages by their ids, how many of what, a digest, the rule's name
    "papers", "messages", "counts", "proof", "rule",
    # reviews: what a draw is repeated with, who reviews, and the codes of questions with the marks
    "seed", "reviewers", "marks",
}  # fmt: skip
"""Fields of text that hold codes and references. A new one is added here by somebody who made sure
that it holds neither names nor addresses nor anything that a person writes freely."""
PUBLIC = {
    ("hold.hold_placed", "subject"),  # a reference, an id or a code
    ("audit.ran", "result"),
    ("policy.adopted", "text"),
    ("letterbook.template_written", "subject"),
    ("letterbook.template_written", "text"),
    ("letterbook.module_written", "english"),
    ("letterbook.module_written", "chinese"),
    ("letterbook.module_written", "name"),
    ("letterbook.module_dropped", "name"),
}
"""Text that is free and speaks of nobody: the policy itself, and the figures of an audit."""


@NAMES
def test_an_event_is_said_in_one_sentence(kind: type[Event]) -> None:
    sentence = (kind.__doc__ or "").strip()

    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert not re.search(r"[.!?] ", sentence)
    assert sentence != (kind.__base__.__doc__ or "").strip() if kind.__base__ else sentence


def test_every_event_of_the_module_is_in_the_vocabulary_once() -> None:
    defined = {
        each for each in vars(events).values()
        if isinstance(each, type) and issubclass(each, Event) and each.topic
    }  # fmt: skip
    topics = [kind.topic for kind in VOCABULARY]

    assert set(VOCABULARY) == defined
    assert len(topics) == len(set(topics)) == len(VOCABULARY)


@NAMES
def test_a_topic_names_its_stream_and_says_what_happened(kind: type[Event]) -> None:
    in_words = re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()

    assert re.fullmatch(
        r"(areas|audit|standing|quota|answer|batch|payee|statement|complaint|complainant|delivery|clock"
        r"|payout|policy|letterbook|quality|hold|retention|daily)"
        rf"\.{in_words}",
        kind.topic,
    )


@NAMES
def test_an_event_holds_codes_references_instants_and_amounts(kind: type[Event]) -> None:
    for name, found in fields(kind):
        for part in parts(found):
            if isinstance(part, msgspec.inspect.StrType):
                assert name in CODES or (kind.topic, name) in PUBLIC, name
            elif isinstance(part, msgspec.inspect.StructType):
                assert part.cls in RECORDS, name
            else:
                assert isinstance(part, PLAIN), f"{name}: {part}"


def fields(kind: type[Any]) -> Iterator[tuple[str, msgspec.inspect.Type]]:
    described = msgspec.inspect.type_info(kind)
    assert isinstance(described, msgspec.inspect.StructType)
    for field in described.fields:
        yield field.name, field.type


def parts(found: msgspec.inspect.Type) -> Iterator[msgspec.inspect.Type]:
    """The types a field is made of, without the containers around them."""
    match found:
        case msgspec.inspect.UnionType():
            inner: tuple[msgspec.inspect.Type, ...] = found.types
        case msgspec.inspect.VarTupleType():
            inner = (found.item_type,)
        case msgspec.inspect.DictType():
            inner = (found.key_type, found.value_type)
        case _:
            yield found
            return
    for each in inner:
        yield from parts(each)
