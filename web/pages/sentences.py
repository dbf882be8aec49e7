"""How is a sentence translated that comes with values in it?

The domain refuses in whole English sentences. One without values is its own key in the catalogue;
the others are recognised by their form.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from recovery.money import Money
from web.i18n import mark
from web.pages.viewer import Viewer
from web.pages.words import labeller

FORMS: tuple[str, ...] = (
    mark("This has %(length)s characters; the most we can take is %(limit)s."),
    mark("%(typed)s is not a code (letters, digits and _)."),
    mark("%(typed)s is not an email address."),
    mark("%(typed)s is not an amount (write it like 25.00)."),
    mark("%(typed)s is not a currency code (use three letters such as GBP)."),
    mark("%(currency)s has %(places)s decimal places."),
    mark("The year %(year)s cannot be right."),
    mark("The complainant was told: %(outcome)s. Explain the new outcome before closing with it."),
    mark("%(typed)s is not a reference (ten letters and digits, like 7GQ2M-4XK9T)."),
    mark("%(reference)s has a typing error: its last character does not match the others."),
    mark("There is no complaint %(reference)s."),
    mark("A legal hold forbids this: %(why)s"),
    mark("This is not TOML: %(why)s."),
    mark("This cannot be a rule: %(why)s."),
    mark('Rule "%(name)s": keep = "%(typed)s": write it like "6 years", "18 months" or "90 days".'),
    mark('Rule "%(name)s": nothing is kept longer than 200 years.'),
    mark(
        "This complaint is answered under %(reference)s. Work on that one, or unmerge this one"
        " first."
    ),
    mark(
        'This text says id = "%(id)s", which is another policy of this desk. Change the id, or'
        " open that policy and change it there."
    ),
    mark("You have no authority over this. Somebody else has to approve it."),
    mark("You recorded the claim, so somebody else has to approve it."),
    mark("Somebody decided on this meanwhile. Look again."),
    mark(
        "You may approve %(most)s a day, of which %(left)s is left today. Somebody else has to"
        " approve this."
    ),
    mark(
        "You may approve %(most)s on one complaint, of which %(left)s is left on this one. Somebody"
        " else has to approve this."
    ),
    mark("There is no %(typed)s (there are %(known)s)."),
    mark("These are too many filters; the most is %(most)s."),
    mark("%(asked)s were instructed, and this says %(told)s."),
    mark("%(asked)s were instructed, and not %(told)s."),
    mark("The file says this twice, under %(first)s and %(second)s."),
    mark("No account of ours is set up to pay in %(currency)s."),
    mark("%(money)s cannot be paid."),
    mark("The table has no column %(column)s."),
    mark("This row cannot be read: %(why)s."),
    mark("This page is for people with the role of a supervisor."),
    mark("This page is for people with the role of an administrator."),
)
"""What other parts say, with a gap for each value; a test holds it against what they say."""
_GAP = re.compile(r"%\((\w+)\)s")


def translated(sentence: str, viewer: Viewer) -> str:
    """The sentence in the viewer's language; as it is where nobody translated it."""
    for form in FORMS:
        if found := _pattern(form).fullmatch(sentence):
            return viewer.say(form) % _values(found.groupdict(), viewer)
    return viewer.say(sentence)


def _values(found: dict[str, str], viewer: Viewer) -> dict[str, str]:
    """As they stand in the sentence; an outcome by its name, money as the viewer writes it."""
    if "left" in found:
        return {name: _money(value, viewer) for name, value in found.items()}
    if outcome := found.get("outcome"):
        return {"outcome": labeller(viewer.language)("outcome", outcome.replace(" ", "_"))}
    return found


def _money(written: str, viewer: Viewer) -> str:
    amount, _, currency = written.partition(" ")
    return viewer.money(Money(Decimal(amount), currency))


@cache
def _pattern(form: str) -> re.Pattern[str]:
    parts = _GAP.split(form)
    shape = "".join(f"(?P<{part}>.+)" if n % 2 else re.escape(part) for n, part in enumerate(parts))
    return re.compile(shape, re.DOTALL)
