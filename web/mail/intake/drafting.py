"""What is to be recorded of a message that was decided on?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from recovery.correspondence import Correspondence, Draft, Letterbox, Told
from recovery.events import Bounced, Deferred, Delayed, Letter
from recovery.mailbox import Settled
from recovery.maillist import Outcome
from web.mail.intake import contents
from web.mail.intake.deciding import Decision, decide, is_about, may_be_answered, too_much
from web.mail.intake.looking import Found
from web.mail.intake.matching import Matcher
from web.mail.intake.replies import Replies

AGAIN = timedelta(hours=4)
"""After a server gave a letter up for a reason that may pass, it is sent again."""
GIVEN_UP = timedelta(days=3)
"""Until the letter is as old as this."""


class Drafter:
    """Decides on messages, and drafts what follows."""

    def __init__(
        self, correspondence: Correspondence, matcher: Matcher, replies: Replies, *, policy: str,
        language: str,
    ) -> None:  # fmt: skip
        self._correspondence = correspondence
        self._matcher = matcher
        self._replies = replies
        self._policy = policy
        self._language = language

    def version(self) -> str:
        """The policy version under which complaints begin now; raises NotFound."""
        return self._correspondence.version(self._policy)

    def draft(self, found: Found, *, now: datetime, version: str = "") -> Draft:
        """What becomes of the message by itself; `version` is that of its policy, where it was
        looked up for several at once. Raises Invalid and NotFound.
        """
        letter = found.match.letter
        went_to = self._matcher.went_to(letter) if letter and found.message.report else ""
        decision = decide(
            found.message, found.match, found.sender, went_to=went_to, traffic=found.traffic
        )
        return self._decided(found, decision, now, version)

    def begin(self, found: Found, *, version: str = "") -> Draft:
        """A new complaint. Raises Invalid."""
        spoken = found.message.words.language
        language = spoken if spoken in ("en", "zh") else self._language
        wanted = may_be_answered(found.message)
        cut = too_much(found.traffic) if wanted else ""
        return self._correspondence.begin(
            found.letter, contact=contents.contact(found.message), language=language,
            policy=self._policy, version=version or self.version(), cut=cut,
            receipt=Letter("received", language) if wanted and not cut else None,
            known=found.recognised,
        )  # fmt: skip

    def _decided(self, found: Found, decision: Decision, now: datetime, version: str) -> Draft:
        reference, letter = found.match.complaint, found.letter
        match decision.outcome:
            case "complaint":
                return self.begin(found, version=version)
            case "appended":
                return self._correspondence.append(letter, reference)
            case "answered":
                return self._replies.draft(found, now=now)
            case "third_party":
                return self._correspondence.file(_signed(found), reference, outcome="third_party")
            case "bounce" | "delayed":
                return self._report(found, decision.outcome, now)
            case "auto_reply" | "abuse_report" | "receipt" as kind if (
                is_about(found.message, found.match) and not decision.cut
            ):
                return self._correspondence.file(
                    _signed(found), reference, outcome=decision.outcome, kind=kind
                )
            case _:
                waits = decision.outcome in ("held", "proposed")
                settled = Settled(
                    outcome=decision.outcome, reason=decision.reason, cut=decision.cut,
                    state="waiting" if waits else "done",
                    reference=reference if waits or decision.cut else "",
                )  # fmt: skip
                return self._correspondence.put(letter, settled)

    def _report(self, found: Found, outcome: Outcome, now: datetime) -> Draft:
        report, letter, match = found.message.report, found.letter, found.match
        assert report is not None
        assert match.letter is not None
        why = next(
            (r.why for r in report.recipients if r.action in ("failed", "delayed")), "unknown"
        )
        said: dict[str, Any] = {
            "at": letter.mail.received_at, "by": letter.by, "complaint": match.complaint,
            "reason": why,
        }  # fmt: skip
        event: Told = Bounced(**said)
        queued_at = match.letter.at
        if outcome == "delayed":
            event = Delayed(**said)
        elif found.message.kind == "bounce_soft" and queued_at and now - queued_at < GIVEN_UP:
            event = Deferred(**said, attempt=1, retry_at=now + AGAIN)
        return self._correspondence.report(
            letter, match.complaint, match.delivery, event, outcome=outcome
        )


def _signed(found: Found) -> Letterbox:
    said = contents.signed(found.message, found.letter.mail.mail)
    return replace(found.letter, said=said)
