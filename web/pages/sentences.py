"""How is a sentence translated that comes with values in it?

The domain refuses in whole English sentences. One without values is its own key in the catalogue;
the others are recognised by their form.
"""

from __future__ import annotations

import re
from functools import cache

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
    mark(
        "This complaint is answered under %(reference)s. Work on that one, or unmerge this one"
        " first."
    ),
    mark(
        'This text says id = "%(id)s", which is another policy of this desk. Change the id, or'
        " open that policy and change it there."
    ),
    mark("There is no %(typed)s (there are %(known)s)."),
    mark("These are too many filters; the most is %(most)s."),
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
    """As they stand in the sentence; an outcome by its name."""
    if outcome := found.get("outcome"):
        return {"outcome": labeller(viewer.language)("outcome", outcome.replace(" ", "_"))}
    return found


@cache
def _pattern(form: str) -> re.Pattern[str]:
    parts = _GAP.split(form)
    shape = "".join(f"(?P<{part}>.+)" if n % 2 else re.escape(part) for n, part in enumerate(parts))
    return re.compile(shape, re.DOTALL)
