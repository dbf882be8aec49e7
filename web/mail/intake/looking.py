"""What is each message that was taken up, who wrote it and which case does it speak of?

Of many messages at once: what is asked of the tables is asked once for all of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from recovery.complainant import Recognised
from recovery.correspondence import Letterbox
from recovery.delivery import went_to
from recovery.mailbox import Content, Mailbox
from recovery.maillist import Asked, Mail, Traffic
from web.accounts import Accounts, User
from web.mail.intake import contents
from web.mail.intake.deciding import Sender
from web.mail.intake.matching import Match, Matcher, author
from web.mail.reading import Envelope, Here, Understood, understand

if TYPE_CHECKING:
    from web.settings import Settings

_ANSWERED = re.compile(r"^\s*([\w.]{1,12}(\[\d+\])?\s*[:：]\s*)+")
LEAST = 3
"""Letters of a subject that can say that two messages are about the same."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A message that was read and looked up."""

    letter: Letterbox
    message: Understood
    match: Match
    sender: Sender
    recognised: Recognised | None
    """Who the sender would be; None without an address."""
    traffic: Traffic


def here_of(settings: Settings) -> Here:
    """Who we are, for whoever reads a message."""
    names = tuple(name.strip() for name in settings.mail_authserv.split(",") if name.strip())
    domain = settings.mail_here[0].rpartition("@")[2] if settings.mail_here else ""
    return Here(authserv_ids=names, addresses=settings.mail_here, id_domain=domain)


class Looker:
    """Reads messages and looks up what they speak of."""

    def __init__(
        self, *, mailbox: Mailbox, matcher: Matcher, accounts: Accounts, here: Here
    ) -> None:
        self._mailbox = mailbox
        self._matcher = matcher
        self._accounts = accounts
        self._here = here

    def read(self, content: Content) -> Understood:
        envelope = Envelope(sender=content.brought.sender, recipients=content.brought.recipients)
        return understand(content.raw, here=self._here, envelope=envelope)

    def look(
        self, mails: Sequence[Mail], contents: Mapping[str, Content], *, by: str
    ) -> list[Found]:
        """Each message; all must have their content."""
        read = [(mail, self.read(contents[mail.mail])) for mail in mails]
        people = self._matcher.recognise(author(message) for _, message in read)
        colleagues = {user.email.casefold(): user for user in self._accounts.users()}
        found = [
            self._found(mail, contents[mail.mail], message, people, colleagues, by)
            for mail, message in read
        ]
        asked = [
            Asked(each.letter.sender, each.letter.about, each.match.complaint, mail.received_at)
            for mail, each in zip(mails, found, strict=True)
        ]
        return [
            msgspec.structs.replace(each, traffic=traffic)
            for each, traffic in zip(found, self._mailbox.traffic(asked), strict=True)
        ]

    def _found(
        self, mail: Mail, content: Content, message: Understood,
        people: Mapping[str, Recognised], colleagues: Mapping[str, User], by: str,
    ) -> Found:  # fmt: skip
        address = author(message)
        recognised = people.get(address)
        sender = recognised.complainant if recognised else ""
        letter = Letterbox(
            mail=mail, content=content, said=contents.said(message, mail.mail),
            files=contents.files(message), sender=sender, twin=self._twin(message),
            about=self._about(message), by=by,
        )  # fmt: skip
        match = self._matcher.match(message, sender=sender)
        return Found(
            letter=letter, message=message, match=match, recognised=recognised, traffic=Traffic(),
            sender=_known(colleagues.get(address.casefold()), match),
        )  # fmt: skip

    def _twin(self, message: Understood) -> str:
        """The same for copies of one message that came by different ways."""
        who = message.identity
        if not who.message_id:
            return ""
        said = (
            who.message_id,
            who.sender.address,
            who.date_given,
            who.subject,
            message.words.plain,
        )
        return self._mailbox.digest(msgspec.json.encode(said))

    def _about(self, message: Understood) -> str:
        subject = topic(message.identity.subject)
        return self._mailbox.digest(b"about\0" + subject.encode()) if subject else ""


def _known(colleague: User | None, match: Match) -> Sender:
    """What the desk knows of the sender."""
    if colleague is None:
        return Sender()
    notice = match.letter if match.by == "colleague" else None
    return Sender(
        colleague=colleague.by,
        answers_notice=notice is not None and went_to(notice, match.delivery, colleague.by),
    )


def topic(subject: str) -> str:
    """What a subject says besides "Re:", numbers and signs; empty where that is next to nothing.

    Programs that answer each other number their letters.
    """
    plain = _ANSWERED.sub("", unicodedata.normalize("NFKC", subject)).casefold()
    letters = "".join(c for c in plain if c.isalpha())
    return letters if len(letters) >= LEAST else ""
