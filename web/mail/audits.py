"""How does an audit reach a colleague: which letter goes with it, and what is attached?

The letter has no figures, for it is kept and can be caught; the answer is on the paper attached,
which is written anew from the record at each attempt.
"""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from typing import Literal
from zoneinfo import ZoneInfo

from recovery.store import Store
from recovery.vault import Vault, WrittenLetter
from web.accounts import User
from web.fairness import paper, sheet, telling
from web.fairness.stored import Audit
from web.mail.facts import Undeliverable
from web.mail.letters import addressable, filled, tongue
from web.mail.message import Sender
from web.mail.wording import WORDINGS
from web.pages.viewer import Viewer

KIND: Literal["audit"] = "audit"
CONTEXT = frozenset(
    {"language", "subject", "greeting", "sender", "title", "as_of", "link", "desk"}
)  # fmt: skip
"""Every value that the three templates may use, and do use."""


def viewer_of(colleague: User, zone: ZoneInfo, now: datetime) -> Viewer:
    """How the colleague wants things written."""
    return Viewer(
        language=tongue(colleague.language), zone=colleague.time_zone or zone.key, scheme="light",
        now=now,
    )  # fmt: skip


def letter(
    found: Audit, colleague: User, viewer: Viewer, *, passed_on_by: str, base_url: str,
    sender: Sender,
) -> WrittenLetter:  # fmt: skip
    """What goes with the paper."""
    spoken = tongue(colleague.language)
    wording = WORDINGS[spoken]
    values = {
        "language": wording.tag, "greeting": wording.greeting(addressable(colleague.name)),
        "sender": addressable(passed_on_by) or sender.organisation,
        "title": sheet.title(found, viewer), "as_of": viewer.exact(found.question.as_of),
        "link": f"{base_url}/audits/{found.id}",
        "desk": wording.desk.format(organisation=sender.organisation),
    }  # fmt: skip
    return filled(f"letters/{spoken}/audit", values, to=colleague.email, name=colleague.name)


def attach(
    message: EmailMessage, found: Audit, viewer: Viewer, *, store: Store, vault: Vault,
    people: dict[str, str],
) -> None:  # fmt: skip
    """Put the paper beside the letter; raises Undeliverable."""
    with store.database.connection() as conn:
        words = vault.open_many(conn, sheet.papers(found))
    try:
        content = paper.pdf(sheet.on_paper(found, viewer, people, words))
    except paper.NoPaper:
        raise Undeliverable("no_paper") from None
    message.add_attachment(
        content, maintype="application", subtype="pdf",
        filename=telling.file_name(found, "paper") + ".pdf",
    )  # fmt: skip
