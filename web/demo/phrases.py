"""How do a few hundred phrases become a hundred thousand complaints that read differently?

A phrasebook holds short lists of whole sentences in one language, with slots such as `{days}`. A
description is one sentence of what happened and, each by chance, some more around it. They stand in
`words/`, a file for each language.
"""

from __future__ import annotations

from importlib.resources import files
from random import Random

import msgspec

from recovery.vault import Words

Lines = tuple[str, ...]


class Tale(msgspec.Struct, frozen=True):
    """One way in which something goes wrong."""

    subjects: Lines
    fact: str
    details: Lines
    found: str
    """What the desk finds out about it."""
    products: Lines = ()
    """With which products it happens; with any of its category if empty."""


class Phrasebook(msgspec.Struct, frozen=True):
    """One language."""

    between: str
    """What stands between two sentences."""
    topics: dict[str, tuple[Tale, ...]]
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
    found_in_part: Lines
    found_right: Lines
    """For complaints that are not upheld."""
    rant: Lines
    """Sentences of a very long letter."""
    odd: tuple[tuple[str, str], ...]
    """Subject and text of what nobody expects: markup, emoji, a single word."""


def book(language: str) -> Phrasebook:
    """The phrasebook of "en" or "zh"."""
    text = files("web.demo").joinpath("words", f"{language}.toml").read_text(encoding="utf-8")
    return msgspec.toml.decode(text, type=Phrasebook)


def complaint(rng: Random, book: Phrasebook, tale: Tale, slots: dict[str, str]) -> Words:
    """Subject and description: two to six sentences."""
    roll = rng.random
    sentences = [tale.fact]
    if roll() < 0.45:
        sentences.insert(0, rng.choice(book.openings))
    if roll() < 0.75:
        sentences.append(rng.choice(tale.details))
    if roll() < 0.5:
        sentences.append(rng.choice(book.effects))
    if roll() < 0.4:
        sentences.append(rng.choice(book.before))
    sentences.append(rng.choice(book.wishes))
    if len(sentences) < 6 and roll() < 0.25:
        sentences.append(rng.choice(book.endings))
    text = book.between.join(sentences).format_map(slots)
    return Words(text, subject=rng.choice(tale.subjects).format_map(slots))


def rant(rng: Random, book: Phrasebook, tale: Tale, slots: dict[str, str], size: int) -> Words:
    """A complaint of at least `size` characters, in paragraphs."""
    first = complaint(rng, book, tale, slots)
    paragraphs, length = [first.text], len(first.text)
    while length < size:
        paragraph = book.between.join(rng.choices(book.rant, k=5)).format_map(slots)
        paragraphs.append(paragraph)
        length += len(paragraph) + 2
    return Words("\n\n".join(paragraphs), subject=first.subject)


def line(rng: Random, lines: Lines, slots: dict[str, str]) -> Words:
    """One phrase with its slots filled."""
    return Words(rng.choice(lines).format_map(slots))
