"""How does a stored message get to where it belongs?

Any number of workers may do it, and any may be killed: a message is taken up under a lease, and
what becomes of it is recorded with its new state in one transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from recovery.correspondence import Correspondence, Letterbox
from recovery.errors import Invalid, NotFound, Refused, StoreUnavailable
from recovery.events import Bounced, Delayed, Letter
from recovery.mailbox import Content, Copied, Mail, Mailbox, Outcome, Settled, SettledAlready
from recovery.store import Store
from recovery.vault import VaultError
from web.accounts import Accounts
from web.faults import told
from web.mail.intake import contents
from web.mail.intake.deciding import Decision, Sender, decide, is_about, may_be_answered
from web.mail.intake.matching import Match, Matcher, author
from web.mail.reading import Envelope, Here, Understood, understand

if TYPE_CHECKING:
    from web.runtime import Runtime
    from web.settings import Settings

DAY = timedelta(days=1)
log = logging.getLogger("recovery.mail")


def here_of(settings: Settings) -> Here:
    """Who we are, for whoever reads a message."""
    names = tuple(name.strip() for name in settings.mail_authserv.split(",") if name.strip())
    domain = settings.mail_here[0].rpartition("@")[2] if settings.mail_here else ""
    return Here(authserv_ids=names, addresses=settings.mail_here, id_domain=domain)


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A message that was read and looked up."""

    letter: Letterbox
    message: Understood
    match: Match
    sender: Sender


class Intake:
    """Understands messages and carries out what follows from them."""

    def __init__(
        self, *, mailbox: Mailbox, store: Store, correspondence: Correspondence, matcher: Matcher,
        accounts: Accounts, here: Here, policy: str, language: str, clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._mailbox = mailbox
        self._store = store
        self._correspondence = correspondence
        self._matcher = matcher
        self._accounts = accounts
        self._here = here
        self._policy = policy
        self._language = language
        self._clock = clock

    @classmethod
    def of(cls, runtime: Runtime, *, clock: Callable[[], datetime]) -> Intake:
        settings = runtime.settings
        return cls(
            mailbox=runtime.mailbox, store=runtime.store, correspondence=runtime.correspondence,
            matcher=runtime.matcher, accounts=runtime.accounts, here=here_of(settings),
            policy=settings.mail_policy, language=settings.language, clock=clock,
        )  # fmt: skip

    def step(self, *, limit: int = 20) -> int:
        """Take up what is due; returns how many messages that were."""
        taken = self._mailbox.take(now=self._clock(), limit=limit)
        for mail in taken:
            self.settle(mail)
        return len(taken)

    def settle(self, mail: Mail) -> Settled | None:
        """What became of a message that was taken up; None when it could not be settled now."""
        try:
            return self._settle(mail)
        except StoreUnavailable:
            raise
        except SettledAlready:
            return None
        except (Invalid, Refused, NotFound, VaultError) as error:
            reason = "not_usable" if isinstance(error, Invalid) else "not_possible"
            return self._hold(mail, reason)
        except Exception as error:
            log.error("message %s was not settled: %s", mail.mail[:12], told(error))
            self._mailbox.failed(mail, f"error_{type(error).__name__}", at=self._clock())
            return None

    def understood(self, mail: Mail) -> Understood:
        """The message, read; raises NotFound and VaultError."""
        return self._read(self._mailbox.content(mail))

    # ------------------------------------------------------------ for people

    def make_complaint(self, mail: Mail, *, by: str) -> Settled:
        """A person says that it is a complaint. Raises SettledAlready and Invalid."""
        _require_open(mail)
        return self._begin(self._look(mail, by=by))

    def attach(self, mail: Mail, reference: str, *, by: str) -> Settled:
        """A person says that the complainant of this case wrote it. Raises SettledAlready."""
        _require_open(mail)
        letter = self._look(mail, by=by).letter
        return self._correspondence.append(letter, reference, at=self._clock())

    def discard(self, mail: Mail, *, by: str, reason: str) -> None:
        """A person says that it leads to nothing; it is kept. Raises SettledAlready."""
        settled = Settled(
            outcome="held", state="discarded", by=by, reason=reason, reference=mail.reference
        )
        if _is_on_its_case(mail):
            settled = msgspec.structs.replace(settled, outcome="appended", state="done")
        self._mailbox.put(mail, settled, at=self._clock())

    # ------------------------------------------------------------ how

    def _settle(self, mail: Mail) -> Settled:
        found = self._look(mail, by="system:mail")
        letter = found.match.letter
        went_to = self._matcher.went_to(letter) if letter and found.message.report else ""
        try:
            decision = decide(found.message, found.match, found.sender, went_to=went_to)
            return self._do(found, decision)
        except Copied:
            copy = self._mailbox.copy_of(found.letter.twin)
            return self._put(found, Settled(outcome="duplicate", reference=copy.reference))

    def _look(self, mail: Mail, *, by: str) -> Found:
        content = self._mailbox.content(mail)
        message = self._read(content)
        sender = self._matcher.sender_of(message)
        address = author(message).casefold()
        since = mail.received_at - DAY
        letter = Letterbox(
            mail=mail, content=content, said=contents.said(message, mail.mail),
            files=contents.files(message), sender=sender, twin=self._twin(message), by=by,
        )  # fmt: skip
        return Found(
            letter=letter, message=message, match=self._matcher.match(message, sender=sender),
            sender=Sender(
                is_colleague=any(u.email.casefold() == address for u in self._accounts.users()),
                complaints_today=self._mailbox.complaints_from(sender, since=since),
            ),
        )  # fmt: skip

    def _read(self, content: Content) -> Understood:
        envelope = Envelope(sender=content.brought.sender, recipients=content.brought.recipients)
        return understand(content.raw, here=self._here, envelope=envelope)

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

    def _do(self, found: Found, decision: Decision) -> Settled:
        now, reference, letter = self._clock(), found.match.complaint, found.letter
        match decision.outcome:
            case "complaint":
                return self._begin(found)
            case "appended":
                return self._correspondence.append(letter, reference, at=now)
            case "third_party":
                theirs = self._signed(found)
                return self._correspondence.file(
                    theirs, reference, speaker="third_party", outcome="third_party", at=now
                )
            case "bounce" | "delayed":
                return self._report(found)
            case "auto_reply" | "abuse_report" | "receipt" if is_about(found.message, found.match):
                return self._correspondence.file(
                    self._signed(found), reference, speaker="machine", outcome=decision.outcome,
                    at=now,
                )  # fmt: skip
            case "held" | "proposed":
                waits = Settled(
                    outcome=decision.outcome, reason=decision.reason, state="waiting",
                    reference=reference,
                )  # fmt: skip
                return self._put(found, waits)
            case _:
                return self._put(found, Settled(outcome=decision.outcome))

    def _begin(self, found: Found) -> Settled:
        spoken = found.message.words.language
        language = spoken if spoken in ("en", "zh") else self._language
        answer = may_be_answered(found.message, found.sender)
        return self._correspondence.begin(
            found.letter, contact=contents.contact(found.message), language=language,
            policy=self._policy, receipt=Letter("received", language) if answer else None,
            at=self._clock(),
        )  # fmt: skip

    def _report(self, found: Found) -> Settled:
        report, letter, match = found.message.report, found.letter, found.match
        assert report is not None
        why = next(
            (r.why for r in report.recipients if r.action in ("failed", "delayed")), "unknown"
        )
        said: dict[str, Any] = {
            "at": letter.mail.received_at,
            "by": letter.by,
            "complaint": match.complaint,
        }
        event: Bounced | Delayed = Bounced(**said, reason=why)
        outcome: Outcome = "bounce"
        if found.message.kind == "delayed":
            event, outcome = Delayed(**said, reason=why), "delayed"
        return self._correspondence.report(
            letter, match.complaint, match.delivery, event, outcome=outcome, at=self._clock()
        )

    def _signed(self, found: Found) -> Letterbox:
        said = contents.signed(found.message, found.letter.mail.mail)
        return msgspec.structs.replace(found.letter, said=said)

    def _put(self, found: Found, settled: Settled) -> Settled:
        return self._correspondence.put(found.letter, settled, at=self._clock())

    def _hold(self, mail: Mail, reason: str) -> Settled:
        settled = Settled(outcome="held", reason=reason, state="waiting")
        self._mailbox.put(mail, settled, at=self._clock())
        return settled


def _require_open(mail: Mail) -> None:
    if _is_on_its_case(mail):
        raise Refused("This message is on its complaint already.")


def _is_on_its_case(mail: Mail) -> bool:
    return mail.outcome == "appended"
