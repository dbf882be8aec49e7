"""How does a message become words and files of the case?"""

from __future__ import annotations

from recovery import text as texts
from recovery.files import NewFile
from recovery.vault import Contact, Said
from web.mail.intake.matching import author
from web.mail.reading import Understood

CUT = "\n\n[…]"


def said(message: Understood, mail: str) -> Said:
    """The sender's own words, and who sent them; the subject where there are no words."""
    who = message.identity
    subject = texts.line(who.subject, field="subject", limit=1_000)[:300]
    return Said(
        _cut(message.words.reply or message.words.plain) or subject, subject,
        sender=author(message), name=who.sender.name,
        verdicts={verdict.method: verdict.result for verdict in who.verdicts}, mail=mail,
    )  # fmt: skip


def signed(message: Understood, mail: str) -> Said:
    """Likewise, for a case whose complainant did not say it: the words begin with who did."""
    found = said(message, mail)
    who = f"{found.name} <{found.sender}>" if found.name else found.sender
    return Said(
        f"{who}\n\n{found.text}", found.subject, sender=found.sender, name=found.name,
        verdicts=found.verdicts, mail=mail,
    )  # fmt: skip


def contact(message: Understood) -> Contact:
    """Who complains; raises Invalid when their address cannot be written to."""
    name = texts.clean(message.identity.sender.name, field="name", limit=1_000)
    return Contact(name=" ".join(name.split())[:300], email=texts.email(author(message)))


def files(message: Understood) -> tuple[NewFile, ...]:
    """What came along."""
    return tuple(
        NewFile(file.name, file.real, file.content, file.risks) for file in message.attachments
    )


def _cut(words: str) -> str:
    """As much as a description holds; the whole of it stays in the message."""
    found = texts.clean(words, field="text", limit=10_000_000)
    room = texts.LONGEST - len(CUT)
    return found if len(found) <= texts.LONGEST else found[:room] + CUT
