"""How do a few hundred phrases become a hundred thousand complaints that read differently?

A phrasebook holds short lists of whole sentences in one language, with slots such as `{days}`. A
description is one sentence of what happened and, each by chance, some more around it.
"""

from __future__ import annotations

from random import Random

import msgspec

from recovery.vault import Words

Lines = tuple[str, ...]


class Topic(msgspec.Struct, frozen=True):
    """What people say about one category of failure."""

    subjects: Lines
    facts: Lines
    details: Lines


class Phrasebook(msgspec.Struct, frozen=True):
    """One language."""

    between: str
    """What stands between two sentences."""
    topics: dict[str, Topic]
    openings: Lines
    effects: Lines
    before: Lines
    """What they have tried already."""
    wishes: Lines
    endings: Lines
    follow_ups: Lines
    notes: dict[str, Lines]
    """What agents write for colleagues, by category; under "" what fits all of them."""
    waiting: Lines
    extensions: Lines
    escalations: Lines
    withdrawals: Lines
    reopenings: Lines
    acknowledgements: Lines
    found: dict[str, Lines]
    """What went wrong, by category."""
    found_in_part: Lines
    found_right: Lines
    """For complaints that are not upheld."""
    rant: Lines
    """Sentences of a very long letter."""
    odd: tuple[tuple[str, str], ...]
    """Subject and text of what nobody expects: markup, emoji, a single word."""


def complaint(rng: Random, book: Phrasebook, category: str, slots: dict[str, str]) -> Words:
    """Subject and description: two to six sentences."""
    topic = book.topics[category]
    roll = rng.random
    sentences = [rng.choice(topic.facts)]
    if roll() < 0.45:
        sentences.insert(0, rng.choice(book.openings))
    if roll() < 0.75:
        sentences.append(rng.choice(topic.details))
    if roll() < 0.5:
        sentences.append(rng.choice(book.effects))
    if roll() < 0.4:
        sentences.append(rng.choice(book.before))
    sentences.append(rng.choice(book.wishes))
    if len(sentences) < 6 and roll() < 0.25:
        sentences.append(rng.choice(book.endings))
    text = book.between.join(sentences).format_map(slots)
    return Words(text, subject=rng.choice(topic.subjects).format_map(slots))


def rant(rng: Random, book: Phrasebook, category: str, slots: dict[str, str], size: int) -> Words:
    """A complaint of at least `size` characters, in paragraphs."""
    first = complaint(rng, book, category, slots)
    paragraphs, length = [first.text], len(first.text)
    while length < size:
        paragraph = book.between.join(rng.choices(book.rant, k=5)).format_map(slots)
        paragraphs.append(paragraph)
        length += len(paragraph) + 2
    return Words("\n\n".join(paragraphs), subject=first.subject)


def line(rng: Random, lines: Lines, slots: dict[str, str]) -> Words:
    """One phrase with its slots filled."""
    return Words(rng.choice(lines).format_map(slots))
