"""What does a colleague have to know who is called to a complaint in a note?

Who calls them, and where. Nothing of the note, or of what the complainant said, stands in the
notice.
"""

from __future__ import annotations

from recovery.reference import show
from recovery.vault import WrittenLetter
from web.accounts import User
from web.i18n import catalogue, mark
from web.mail.letters import addressable, filled, tongue
from web.mail.wording import WORDINGS

CONTEXT = frozenset(
    {"language", "subject", "greeting", "reference", "caller", "link", "desk"}
)  # fmt: skip
"""Every value that the three templates may use, and do use."""
SOMEBODY = mark("A colleague")


def letter(
    reference: str, caller: str, colleague: User, *, base_url: str, organisation: str
) -> WrittenLetter:
    """The notice in the colleague's language; `caller` is who wrote the note, by name."""
    spoken = tongue(colleague.language)
    wording = WORDINGS[spoken]
    values = {
        "language": wording.tag, "greeting": wording.greeting(addressable(colleague.name)),
        "reference": show(reference), "caller": caller or catalogue(spoken).gettext(SOMEBODY),
        "link": f"{base_url}/complaints/{show(reference)}",
        "desk": wording.desk.format(organisation=organisation),
    }  # fmt: skip
    return filled(f"letters/{spoken}/call", values, to=colleague.email, name=colleague.name)
