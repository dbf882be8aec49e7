"""What in these words speaks against sending them?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from recovery import reference as references
from recovery.errors import Invalid
from recovery.words.findings import Finding, Given, Tongue
from recovery.words.phrases import PHRASES
from recovery.words.promises import cause_is_missing, consequence_is_missing, undated

_HAN = re.compile("[\u3400-\u9fff]")
_LETTERS = re.compile(r"[^\W\d_]")
_QUOTED = re.compile(
    r"^[ \t]*>.*$|“[^”\n]{1,500}”|「[^」\n]{1,500}」|『[^』\n]{1,500}』|‘[^’\n]{2,500}’(?!\w)"
    r'|(?<!\w)"[^"\n]{1,500}"(?!\w)',
    re.MULTILINE,
)
_OPEN = re.compile(
    r"\{\{[^{}\n]{0,100}\}\}|\{%[^%\n]{0,100}%\}|\{[\w .]{1,40}\}"
    r"|\[[A-Z_][A-Za-z_ ]{1,40}\]|<[a-z_]{2,30}>|【[^】\n]{0,20}】"
    r"|_{3,}|\b[xX]{3,}\b|\bTBD\b|\bTODO\b|[（(]\s*[）)]|某(?:某|月|日)"
)
_GREETING = re.compile(
    r"^(?:dear|hello|hi|good (?:morning|afternoon|evening))[ ,]+"
    r"(?:(?:mr|mrs|ms|miss|mx|dr|prof)\.? )?(?P<name>[^\W\d_][\w’'. -]{0,60}?)\s*[,!:\n]",
    re.IGNORECASE | re.MULTILINE,
)
_NOBODY = frozenset({"sir", "madam", "sir or madam", "customer", "there", "all", "again"})
_GREETING_ZH = re.compile(
    r"^(?:尊敬的|亲爱的)?(?P<name>[\u4e00-\u9fff]{1,4})(?:先生|女士|小姐|老师|阁下)", re.MULTILINE
)
_REFERENCE = re.compile(r"(?<![0-9A-Za-z-])[0-9A-Z]{5}-?[0-9A-Z]{5}(?![0-9A-Za-z-])")
_FIRST_FEW = 12
"""Letters before a language can be told."""
_MISTAKE_ZH = "[^。！？；\n]{0,6}(?:搞错|弄错|忘了|没做好|不负责|失误|犯了错)"
_MISTAKE_EN = (
    r"\b[^.!?;\n]{0,20}\b(?:forgot|failed|messed up|made (?:a mistake|an error)|got it wrong)"
)


def check(text: str, given: Given) -> tuple[Finding, ...]:
    """Everything found, in the order of the words; what is missing from the whole comes first.

    What stands in quotation marks or behind ">" is somebody else's and not looked at.
    """
    own = _QUOTED.sub(lambda found: " " * len(found[0]), text)
    if not own.strip():
        return ()
    found = {*_phrases(own, given), *_gaps(own), *_strangers(own, given), *undated(own)}
    found |= {Finding(0, 0, code) for code in _missing(own, given)}
    return tuple(sorted(found))


def _phrases(own: str, given: Given) -> set[Finding]:
    """Of phrases that overlap the longest: the same words are told of once."""
    found = sorted(set(_said(own, given)))
    shorter: set[Finding] = set()
    for place, each in enumerate(found):
        following = place + 1
        while following < len(found) and found[following].start < each.end:
            other = found[following]
            if _length(each) != _length(other):
                shorter.add(min(each, other, key=_length))
            following += 1
    return set(found) - shorter


def _length(found: Finding) -> int:
    return found.end - found.start


def _said(own: str, given: Given) -> Iterator[Finding]:
    """In both languages: many letters speak two."""
    for patterns in PHRASES.values():
        for code, pattern in patterns.items():
            for match in pattern.finditer(own):
                yield Finding(match.start(), match.end(), code)
    for name in filter(None, given.colleagues):
        mistake = rf"{re.escape(name)}(?:{_MISTAKE_ZH}|{_MISTAKE_EN})"
        for match in re.finditer(mistake, own, re.IGNORECASE):
            yield Finding(match.start(), match.end(), "blames_colleague")


def _gaps(own: str) -> Iterator[Finding]:
    for match in _OPEN.finditer(own):
        yield Finding(match.start(), match.end(), "open_field")


def _strangers(own: str, given: Given) -> Iterator[Finding]:
    """A name or a reference that belongs to somebody else."""
    for match in _REFERENCE.finditer(own):
        if given.reference and _reference(match[0]) not in ("", given.reference):
            yield Finding(match.start(), match.end(), "other_reference")
    if not given.name:
        return
    known = given.name.casefold()
    for match in _GREETING.finditer(own):
        said = match["name"].strip().casefold()
        if said not in _NOBODY and not set(said.split()) & set(known.split()):
            yield Finding(match.start("name"), match.end("name"), "other_name")
    for match in _GREETING_ZH.finditer(own):
        if not set(match["name"]) & set(given.name):
            yield Finding(match.start("name"), match.end("name"), "other_name")


def _reference(typed: str) -> str:
    """The reference; empty for ten characters that only look like one."""
    try:
        return references.parse(typed)
    except Invalid:
        return ""


def _missing(own: str, given: Given) -> Iterator[str]:
    spoken = _spoken(own)
    wanted: Tongue = "zh" if re.split("[-_]", given.language.lower())[0] == "zh" else "en"
    if spoken and spoken != wanted:
        yield "other_language"
    if given.kind != "explained":
        return
    if not given.cause and cause_is_missing(own):
        yield "no_cause"
    if consequence_is_missing(own):
        yield "no_consequence"


def _spoken(own: str) -> Tongue | None:
    """Chinese or another language; None for a few words."""
    letters, han = len(_LETTERS.findall(own)), len(_HAN.findall(own))
    if han >= _FIRST_FEW and han * 2 > letters:
        return "zh"
    return "en" if letters - han >= 2 * _FIRST_FEW and han * 10 < letters else None
