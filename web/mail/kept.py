"""What does a colleague have to know of a reply by mail that did not leave?

Why it did not, and where they find it again. Nothing of what they or the complainant wrote stands
in the notice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from recovery.reference import show
from recovery.vault import WrittenLetter
from recovery.words.findings import REASONS
from web.accounts import User
from web.i18n import catalogue, mark
from web.mail.letters import addressable, filled, tongue
from web.mail.wording import WORDINGS

CONTEXT = frozenset(
    {"language", "subject", "greeting", "reference", "reasons", "link", "desk"}
)  # fmt: skip
"""Every value that the three templates may use, and do use."""
WHY: Mapping[str, str] = {
    "no_address": mark("We have no email address of the complainant."),
    "no_words": mark("There are no words of your own in it."),
    "garbled": mark("Its words could not be read for certain."),
    "quotes_notice": mark("It quotes our notice, which is for colleagues only."),
    "files": mark("Mail servers would refuse its files: too many, too large, or programs."),
    **{code: reason.why for code, reason in REASONS.items()},
}
"""Each thing that stands against sending a reply."""


def letter(
    reference: str, why: Sequence[str], colleague: User, *, base_url: str, organisation: str
) -> WrittenLetter:
    """The notice in the colleague's language."""
    spoken = tongue(colleague.language)
    wording, say = WORDINGS[spoken], catalogue(spoken).gettext
    values = {
        "language": wording.tag, "greeting": wording.greeting(addressable(colleague.name)),
        "reference": show(reference), "reasons": [say(WHY[code]) for code in why if code in WHY],
        "link": f"{base_url}/complaints/{show(reference)}",
        "desk": wording.desk.format(organisation=organisation),
    }  # fmt: skip
    return filled(f"letters/{spoken}/kept", values, to=colleague.email, name=colleague.name)
