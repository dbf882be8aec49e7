"""How does a stored message get to where it belongs?

Any number of workers may do it, and any may be killed: a message is taken up under a lease, and
what becomes of it is recorded with its new state in one transaction. Messages that have nothing to
do with each other share that transaction; where anything stands in its way, each has its own.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, cast

import msgspec

from recovery.carrier import ATTEMPTS
from recovery.correspondence import Correspondence, Draft
from recovery.errors import Invalid, NotFound, Refused, StoreUnavailable
from recovery.mailbox import Copied, Mailbox, Settled, SettledAlready
from recovery.maillist import Mail, Outcome
from recovery.store import Conflict
from recovery.vault import VaultError
from web.faults import told
from web.mail.intake.drafting import Drafter
from web.mail.intake.looking import Found, Looker, here_of
from web.mail.intake.replies import Replies
from web.mail.reading import Understood

if TYPE_CHECKING:
    from web.runtime import Runtime

TOGETHER = 50
"""Messages of one transaction, at most."""
BYTES = 4_000_000
"""Of the messages that are in memory at once; a larger one is alone."""
log = logging.getLogger("recovery.mail")


class Intake:
    """Understands messages and carries out what follows from them."""

    def __init__(
        self, *, mailbox: Mailbox, correspondence: Correspondence, looker: Looker,
        drafter: Drafter, clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._mailbox = mailbox
        self._correspondence = correspondence
        self._looker = looker
        self._drafter = drafter
        self._clock = clock

    @classmethod
    def of(cls, runtime: Runtime, *, clock: Callable[[], datetime]) -> Intake:
        settings = runtime.settings
        return cls(
            mailbox=runtime.mailbox, correspondence=runtime.correspondence,
            looker=Looker(
                mailbox=runtime.mailbox, matcher=runtime.matcher, accounts=runtime.accounts,
                here=here_of(settings),
            ),
            drafter=Drafter(
                runtime.correspondence, runtime.matcher, Replies.of(runtime),
                policy=settings.mail_policy, language=settings.language,
            ),
            clock=clock,
        )  # fmt: skip

    def step(self, *, limit: int = TOGETHER) -> int:
        """Take up what is due; returns how many messages that were."""
        taken = self._mailbox.take(now=self._clock(), limit=limit)
        for portion in _portions(taken):
            for mail in self._settle_together(portion):
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
        return self._looker.read(self._mailbox.content(mail))

    # ------------------------------------------------------------ for people

    def make_complaint(self, mail: Mail, *, by: str) -> Settled:
        """A person says that it is a complaint. Raises SettledAlready and Invalid."""
        _require_open(mail)
        return self._write(lambda: self._drafter.begin(self._look(mail, by=by)))

    def attach(self, mail: Mail, reference: str, *, by: str) -> Settled:
        """A person says that the complainant of this case wrote it. Raises SettledAlready."""
        _require_open(mail)
        letter = self._look(mail, by=by).letter
        return self._write(lambda: self._correspondence.append(letter, reference))

    def discard(self, mail: Mail, *, by: str, reason: str) -> None:
        """A person says that it leads to nothing; it is kept. Raises SettledAlready."""
        if mail.outcome == mail.reason == "third_party":
            raise Refused("This message is on its complaint. Accept or refuse it there.")
        settled = Settled(
            outcome="held", state="discarded", by=by, reason=reason, reference=mail.reference
        )
        if mail.is_on_its_case:
            outcome = cast("Outcome", mail.outcome)
            settled = msgspec.structs.replace(settled, outcome=outcome, state="done")
        self._mailbox.put(mail, settled, at=self._clock())

    # ------------------------------------------------------------ how

    def _settle_together(self, mails: Sequence[Mail]) -> Sequence[Mail]:
        """Settle in one transaction what can be; returns those that want one of their own."""
        if len(mails) < 2:
            return mails
        try:
            contents = self._mailbox.contents(mails)
            readable = [mail for mail in mails if mail.mail in contents]
            found = _apart(self._looker.look(readable, contents, by="system:mail"))
            now, version = self._clock(), self._drafter.version()
            drafts = [self._drafter.draft(each, now=now, version=version) for each in found]
            self._correspondence.write(drafts, at=self._clock())
        except StoreUnavailable:
            raise
        except Exception:  # each on its own says which one it was, and why
            return mails
        done = {each.letter.mail.mail for each in found}
        return [mail for mail in mails if mail.mail not in done]

    def _settle(self, mail: Mail) -> Settled:
        found = self._look(mail, by="system:mail")
        try:
            return self._write(lambda: self._drafter.draft(found, now=self._clock()))
        except Copied:
            copy = self._mailbox.copy_of(found.letter.twin)
            duplicate = Settled(outcome="duplicate", reference=copy.reference)
            return self._write(lambda: self._correspondence.put(found.letter, duplicate))

    def _look(self, mail: Mail, *, by: str) -> Found:
        content = self._mailbox.content(mail)
        [found] = self._looker.look([mail], {mail.mail: content}, by=by)
        return msgspec.structs.replace(found, recognised=None)  # the one place that looks again

    def _write(self, draft: Callable[[], Draft]) -> Settled:
        """Record a draft; look and draft again after a conflict."""
        for _ in range(ATTEMPTS):
            drafted = draft()
            try:
                self._correspondence.write([drafted], at=self._clock())
            except Conflict:
                continue
            return drafted.settled
        raise StoreUnavailable("Too many people are changing this complaint at once. Try again.")

    def _hold(self, mail: Mail, reason: str) -> Settled:
        settled = Settled(outcome="held", reason=reason, state="waiting")
        self._mailbox.put(mail, settled, at=self._clock())
        return settled


def _portions(taken: Sequence[Mail]) -> Iterator[list[Mail]]:
    """As many messages at a time as may be in memory together."""
    portion: list[Mail] = []
    for mail in taken:
        if portion and sum(each.size for each in portion) + mail.size > BYTES:
            yield portion
            portion = []
        portion.append(mail)
    if portion:
        yield portion


def _apart(found: Sequence[Found]) -> list[Found]:
    """Those of different people about different complaints: what one does changes no other."""
    apart: list[Found] = []
    seen: set[str] = set()
    for each in found:
        mine = {each.letter.sender, each.letter.twin, each.match.complaint} - {""}
        if not mine & seen:
            apart.append(each)
        seen |= mine
    return apart


def _require_open(mail: Mail) -> None:
    if mail.is_on_its_case:
        raise Refused("This message is on its complaint already.")
