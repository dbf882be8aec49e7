"""Is this English, Chinese or something else?

By script, and for Latin letters by the small words of each language: the desk writes two languages,
and a model of a hundred would be loaded to choose between them.
"""

from __future__ import annotations

import re
from collections import Counter

from web.mail.reading.records import Language

_SAMPLE = 3_000
_HAN_WEIGHT = 3
"""A Chinese character says about as much as three Latin letters."""
_SMALL = {
    "en": "the and to of is are was you your my we have has not this that with for from please "
    "thank thanks hello hi dear when what will would been but they our it he she refund order",
    "de": "der die das und ist nicht ich sie wir mit für von ein eine auf dem den zu im wie auch",
    "fr": "le la les et est je vous nous avec pour une dans pas que qui sur mon votre bonjour ne",
    "es": "el los las y es que no con por para una mi su yo hola gracias pero como muy del estoy",
    "it": "il gli che non sono con per una del della mio grazie buongiorno anche come molto ho",
    "pt": "os não com por para uma meu minha obrigado você mas como muito está da do em eu",
    "nl": "het een niet ik van met voor zijn naar maar ook deze mijn wij hebben dat geen",
}
_LANGUAGES: dict[str, list[str]] = {}
for _name, _words in _SMALL.items():
    for _word in _words.split():
        _LANGUAGES.setdefault(_word, []).append(_name)
_SCRIPTS = {
    "latin": re.compile(r"[A-Za-z\u00c0-\u024f]+"),
    "han": re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]+"),
    "kana": re.compile(r"[\u3041-\u30ff]+"),
    "hangul": re.compile(r"[\uac00-\ud7a3]+"),
    "other": re.compile(r"[\u0370-\u1fff\ua4d0-\ua9ff]+"),
}
_WORD = re.compile(r"[^\W\d_]+")
_LINK = re.compile(r"https?://\S{1,2000}")


def guess(text: str) -> Language:
    """The language of the words; empty when there are too few to say."""
    sample = _LINK.sub(" ", text[:_SAMPLE])
    if sample.isascii():
        return _latin(sample) if _SCRIPTS["latin"].search(sample) else ""
    letters = {script: len("".join(found.findall(sample))) for script, found in _SCRIPTS.items()}
    han, latin = letters["han"] * _HAN_WEIGHT, letters["latin"]
    strange = (letters["kana"] + letters["hangul"]) * _HAN_WEIGHT + letters["other"]
    if not han + latin + strange:
        return ""
    if han > latin:
        return "zh" if letters["kana"] * 5 < letters["han"] and strange < han else "other"
    return "other" if strange >= latin else _latin(sample)


def _latin(sample: str) -> Language:
    words = _WORD.findall(sample.lower())
    votes: Counter[str] = Counter()
    for word, count in Counter(words).items():
        for name in _LANGUAGES.get(word, ()):
            votes[name] += count
    english = votes.pop("en", 0)
    others = max(votes.values(), default=0)
    if not english and not others:
        return "other" if len(words) > 12 or not sample.isascii() else ""
    return "en" if english >= others else "other"
