"""What does a letter say?

`write` is a pure function of the facts. Each kind has three templates per language (subject, text,
HTML), and `CONTEXT` declares the values it gets; a test holds the templates against it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_currency
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from recovery.events import CompensationKind, LetterKind, Outcome
from recovery.money import Money
from recovery.reference import show
from recovery.vault import WrittenLetter
from web.mail.wording import WORDINGS, Promise, Tongue, Wording

TEMPLATES = Path(__file__).parents[1] / "templates"
SHARED = frozenset({"language", "subject", "greeting", "complaint", "reference", "desk"})
CONTEXT: dict[LetterKind, frozenset[str]] = {
    "received": SHARED | {"promises", "page"},
    "acknowledged": SHARED | {"message", "promises", "page"},
    "explained": SHARED | {"verdict", "cause", "message", "promises"},
    "compensated": SHARED | {"grant", "reason", "message", "promises"},
    "closed": SHARED | {"ending", "message", "page"},
    "message": SHARED | {"message"},
}
"""Every value that the three templates of a kind may use, and do use."""

# Besides control characters: those that reverse the direction of what follows them.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
# A stranger's name must not carry a link or an address into a letter that we send automatically.
_NOT_A_NAME = re.compile(r"[:/\\@<>{}\[\]|=]|www\.|\w\.\w{2,}", re.IGNORECASE)
_LONGEST_NAME = 80
_OUR_FAULT: tuple[Outcome, ...] = ("upheld", "partly_upheld")


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that letters are written from."""

    reference: str
    to: str
    organisation: str
    name: str = ""
    received_on: date | None = None
    message: str = ""
    """The agent's own words."""
    promises: tuple[Promise, ...] = ()
    """What is still to come, soonest first."""
    outcome: Outcome = "not_known"
    cause: str = ""
    kind: CompensationKind = "in_kind"
    money: Money | None = None
    reason: str = ""
    page: str = ""
    """The address where the complainant sees it; empty where it has none."""


def write(
    kind: LetterKind, language: str, facts: Facts, *, own: tuple[str, str] | None = None
) -> WrittenLetter:
    """The letter in the complainant's language (BCP 47), or in English where we lack it.

    `own` is the organisation's own subject and text; raises BrokenTemplate.
    """
    spoken = tongue(language)
    values = _values(spoken, locale_of(language, WORDINGS[spoken]), facts)
    given = {name: values[name] for name in CONTEXT[kind] if name != "subject"}
    if own is None:
        return filled(f"letters/{spoken}/{kind}", given, to=facts.to, name=facts.name)
    from web.mail.own import fill

    subject, text = (tidy(fill(source, given)) for source in own)
    shown = {"language": given["language"], "subject": subject, "text": text}
    html = _ENVIRONMENT.get_template("letters/own.html").render(shown)
    return WrittenLetter(
        facts.to, addressable(facts.name), " ".join(subject.split()), text + "\n", html + "\n"
    )


def filled(stem: str, values: Mapping[str, Any], *, to: str, name: str) -> WrittenLetter:
    """The three templates of this stem with the values; `subject` is what the first one gives."""
    subject = _render(f"{stem}.subject.txt", values)
    given = {**values, "subject": subject}
    return WrittenLetter(
        to=to,
        name=addressable(name),
        subject=subject,
        text=_render(f"{stem}.txt", given) + "\n",
        html=_ENVIRONMENT.get_template(f"{stem}.html").render(given) + "\n",
    )


def tongue(language: str) -> Tongue:
    """Which of our languages serves somebody of this language best."""
    return "zh" if re.split("[-_]", language.lower())[0] == "zh" else "en"


def tidy(text: str) -> str:
    """Without control characters and without more than one blank line in a row."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = _UNPRINTABLE.sub("", plain.replace("\u2028", "\n").replace("\u2029", "\n\n"))
    return _BLANK_LINES.sub("\n\n", lines).strip()


def addressable(name: str) -> str:
    """A name we can greet somebody by, on one line; empty when it does not look like one."""
    found = " ".join(tidy(name).split())
    return "" if len(found) > _LONGEST_NAME or _NOT_A_NAME.search(found) else found


def _values(spoken: Tongue, locale: Locale, facts: Facts) -> dict[str, Any]:
    wording = WORDINGS[spoken]
    day = day_in(facts.received_on, locale)
    return {
        "language": wording.tag,
        "greeting": wording.greeting(addressable(facts.name)),
        "complaint": wording.about(day),
        "reference": show(facts.reference),
        "desk": wording.desk.format(organisation=facts.organisation),
        "promises": [
            {"by": day_in(promise.due, locale), "what": wording.promises[promise.clock]}
            for promise in facts.promises
            if promise.clock in wording.promises
        ],
        "verdict": wording.found[facts.outcome],
        "ending": wording.ended[facts.outcome],
        "cause": wording.causes.get(facts.cause, "") if facts.outcome in _OUR_FAULT else "",
        "grant": wording.grant(facts.kind, amount_in(facts.money, locale)),
        "reason": wording.reasons.get(facts.reason, ""),
        "message": tidy(facts.message),
        "page": facts.page,
    }


def locale_of(language: str, wording: Wording) -> Locale:
    """The complainant's own, if it is a form of the language the letter is in."""
    preferred = Locale.parse(wording.locale)
    try:
        found = Locale.parse(language.replace("_", "-"), sep="-")
    except (ValueError, UnknownLocaleError):
        return preferred
    return found if found.territory and found.language == preferred.language else preferred


def day_in(day: date | None, locale: Locale) -> str:
    """The day in words; empty where there is none."""
    return format_date(day, "full", locale=locale) if day else ""


def amount_in(money: Money | None, locale: Locale) -> str:
    return format_currency(money.amount, money.currency, locale=locale) if money else ""


def _paragraphs(text: str) -> Markup:
    """Plain text as HTML: blank lines part paragraphs, line breaks stay."""
    frame = Markup('<p style="margin:0 0 16px">{}</p>')
    parts = (part.splitlines() for part in text.split("\n\n") if part)
    return Markup("\n").join(frame.format(Markup("<br>\n").join(lines)) for lines in parts)


def _render(template: str, values: Mapping[str, Any]) -> str:
    return tidy(_ENVIRONMENT.get_template(template).render(values))


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["paragraphs"] = _paragraphs
    return environment


_ENVIRONMENT = _environment()
