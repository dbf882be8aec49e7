"""Which letters do these bytes stand for, whatever the sender called them?

Senders name the wrong charset in a few known ways: a subset of what they use (GB2312 for GB18030,
Latin-1 for Windows-1252), plain ASCII for anything, or an older name while writing UTF-8. The
declared charset is taken by its widest relative, and doubted only where the bytes speak against it.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from chardet import detect

from web.mail.reading.limits import SAMPLE_BYTES

_WIDEST = {
    "gb2312": "gb18030", "gbk": "gb18030", "xgbk": "gb18030", "gb231280": "gb18030",
    "eucgb2312cn": "gb18030", "euccn": "gb18030", "cp936": "gb18030", "ms936": "gb18030",
    "hzgb2312": "hz", "csgb2312": "gb18030", "chinese": "gb18030", "xgb2312": "gb18030",
    "iso2022cn": "gb18030", "big5": "big5hkscs", "big5tw": "big5hkscs", "xxbig5": "big5hkscs",
    "xbig5": "big5hkscs", "cnbig5": "big5hkscs", "cp950": "big5hkscs",
    "ksc56011987": "cp949", "ksc5601": "cp949", "ksc56011989": "cp949", "euckr": "cp949",
    "xwindows949": "cp949", "korean": "cp949", "shiftjis": "cp932", "sjis": "cp932",
    "xsjis": "cp932", "windows31j": "cp932", "mskanji": "cp932", "xeucjp": "euc_jp",
    "iso2022jp": "iso2022_jp_ext", "cp50220": "iso2022_jp_ext", "csiso2022jp": "iso2022_jp_ext",
    "iso88591": "cp1252", "latin1": "cp1252", "iso88599": "cp1254", "iso885911": "cp874",
    "tis620": "cp874", "unicode11utf7": "utf_7", "xunicode20utf7": "utf_7", "utf8mb4": "utf_8",
    "unicode": "utf_16", "xmacroman": "mac_roman", "macintosh": "mac_roman", "iso88598i": "cp1255",
    "iso88598e": "cp1255", "xutf8": "utf_8", "unicode11utf8": "utf_8", "win1251": "cp1251",
}  # fmt: skip
_EMPTY_WORDS = frozenset(
    ("", "ascii", "usascii", "unknown", "unknown8bit", "8bit", "xunknown", "default", "none",
     "ansix341968", "xuserdefined", "binary")
)  # fmt: skip
_SINGLE = re.compile(r"cp125\d|cp874|iso8859|latin|koi8|mac|cp437|cp85\d|cp86\d")
_NOT_TEXT = frozenset(("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"))
_HIGH = re.compile(rb"[\x80-\xff]+")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f\ud800-\udfff]+")


class Decoded(NamedTuple):
    text: str
    charset: str
    """The codec that was used."""
    faithful: bool
    """Whether every byte had a meaning in it."""


@lru_cache(maxsize=512)
def codec(declared: str) -> str:
    """The widest codec of that name; empty for names that say nothing or that nobody knows."""
    name = re.sub(r"[^a-z0-9]", "", declared.lower())
    if name in _EMPTY_WORDS:
        return ""
    try:
        found = codecs.lookup(_WIDEST.get(name, declared.strip()[:40]))
    except (LookupError, ValueError):
        return ""
    is_text = getattr(found, "_is_text_encoding", True)
    return found.name if is_text and found.name not in _NOT_TEXT else ""


def decode(raw: bytes, declared: str = "") -> Decoded:
    """The words in `raw`. Never raises; without control characters and halves of letters."""
    found = _decode(raw, codec(declared))
    return found._replace(text=_CONTROLS.sub("", found.text))


def _decode(raw: bytes, name: str) -> Decoded:
    if name.startswith(("utf-16", "utf-32")) or name in ("utf-7", "hz") or b"\x1b" in raw:
        return _as_told(raw, name)
    if raw.isascii():
        return Decoded(raw.decode("ascii"), "ascii", faithful=True)
    unicode = _strictly(raw, "utf-8")
    if unicode is not None:
        return _choose(raw, unicode, name)
    if name and name != "utf-8":
        told = _strictly(raw, name)
        if told is not None and not (_SINGLE.match(name) and _is_dense(raw)):
            return Decoded(told, name, faithful=True)
    return _guess(raw, name)


def _as_told(raw: bytes, name: str) -> Decoded:
    """Charsets that are written in ASCII bytes, or with escapes between them."""
    for candidate in (name, "iso2022_jp_ext", "iso2022_kr"):
        text = _strictly(raw, candidate) if candidate else None
        if text is not None:
            return Decoded(text, candidate, faithful=True)
    if name:
        return Decoded(raw.decode(name, "replace"), name, faithful=False)
    return Decoded(raw.decode("utf-8", "replace"), "utf-8", faithful=False)


def _strictly(raw: bytes, name: str) -> str | None:
    try:
        return raw.decode(name)
    except (UnicodeError, ValueError):
        return None


def _choose(raw: bytes, unicode: str, name: str) -> Decoded:
    """Between UTF-8, which `raw` is, and an East Asian charset it is said to be.

    Short words can be both: then they are odd Cyrillic or accented letters in UTF-8. And some
    gateway may have taken the bytes for Latin-1 and written them out as UTF-8.
    """
    if name not in ("", "utf-8") and not _SINGLE.match(name) and not _is_east_asian(unicode):
        twice = _strictly(unicode.encode("latin-1"), name) if max(unicode) <= "\xff" else None
        for told in (twice, _strictly(raw, name)):
            if told is not None and _is_east_asian(told):
                return Decoded(told, name, faithful=True)
    return Decoded(unicode, "utf-8", faithful=True)


def _is_east_asian(text: str) -> bool:
    """Whether all that is not ASCII is common in Chinese, Japanese or Korean."""
    letters = [c for c in text[:2000] if c > "\x7f"]
    return all(
        "\u4e00" <= c <= "\u9fff" or "\u3000" <= c <= "\u30ff" or "\uac00" <= c <= "\ud7a3"
        or "\uff00" <= c <= "\uffef" or "\u2010" <= c <= "\u203f"
        for c in letters
    )  # fmt: skip


def _is_dense(raw: bytes) -> bool:
    """Whether most of the letters are high bytes in runs, as in no language of western Europe."""
    sample = raw[:SAMPLE_BYTES]
    runs = [len(run) for run in _HIGH.findall(sample)]
    letters = sum(c > 64 for c in sample)
    return sum(runs) * 3 > letters and sum(runs) > 2.5 * len(runs)


def _guess(raw: bytes, name: str) -> Decoded:
    """By the bytes themselves, where the declared name does not hold."""
    first = _HIGH.search(raw)
    start = max(0, (first.start() if first else 0) - 200)
    sample = raw[start : start + SAMPLE_BYTES]
    for candidate in ("utf-8", name):
        if _mostly_holds(sample, candidate) or _is_cut(raw, candidate):
            return Decoded(raw.decode(candidate, "replace"), candidate, faithful=False)
    guessed = _short_chinese(sample) or codec(detect(sample).get("encoding") or "")
    if (not guessed or _SINGLE.match(guessed)) and _is_common_chinese(sample):
        guessed = "gb18030"
    if guessed and (text := _strictly(raw, guessed)) is not None and _is_readable(text):
        return Decoded(text, guessed, faithful=True)
    best = name or guessed or "utf-8"
    return Decoded(raw.decode(best, "replace"), best, faithful=False)


def _mostly_holds(sample: bytes, name: str) -> bool:
    """Whether a charset fits but for a few broken bytes, such as a letter cut in two."""
    if not name or _SINGLE.match(name):
        return False
    text = sample.decode(name, "replace")
    high = sum(c > "\x7f" for c in text)
    return 0 < text.count("\ufffd") * 8 <= high


def _is_cut(raw: bytes, name: str) -> bool:
    """Whether only the last letter is broken, off which the end was cut."""
    if not name or _SINGLE.match(name) or (name == "utf-8" and len(raw) < 6):
        return False
    return any(_strictly(raw[:-n], name) for n in (1, 2, 3))


def _short_chinese(sample: bytes) -> str:
    """GB 18030 for a few common Chinese words, which statistics are too weak for."""
    few = sum(len(run) for run in _HIGH.findall(sample[:200])) <= 12
    return "gb18030" if few and _is_common_chinese(sample) else ""


def _is_common_chinese(sample: bytes) -> bool:
    """Whether all are pairs of bytes for the 3,755 most used characters of GB 2312."""
    runs = _HIGH.findall(sample)
    if len(sample) == SAMPLE_BYTES and len(runs[-1]) % 2:
        runs[-1] = runs[-1][:-1]
    return bool(runs) and all(
        len(run) % 2 == 0
        and all(0xB0 <= c <= 0xD7 or 0xA1 <= c <= 0xA3 for c in run[::2])
        and all(c >= 0xA1 for c in run[1::2])
        for run in runs
    )


def _is_readable(text: str) -> bool:
    """No private or unassigned characters, which a wrong guess is full of."""
    sample = text[:2000]
    return not any(unicodedata.category(c) in ("Co", "Cn") for c in sample)
