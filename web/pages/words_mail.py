"""In which words do pages say what became of letters and of mail that came?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from web.i18n import mark
from web.mail.kept import WHY
from web.mail.reading.sentences import RISKS, TROUBLES, WHYS


def _plain(sentences: Mapping[Any, str]) -> dict[str, str]:
    return dict(sentences)


LABELS: dict[str, dict[str, str]] = {
    "letter": {
        "received": mark("Receipt"),
        "acknowledged": mark("Acknowledgement"),
        "explained": mark("Explanation"),
        "compensated": mark("Compensation"),
        "closed": mark("Closure"),
        "message": mark("Message"),
        "notice": mark("Notice to a colleague"),
        "audit": mark("Audit for a colleague"),
        "daily": mark("Daily mail to a supervisor"),
        "payout_approved": mark("What is paid, and why"),
        "payout_paid": mark("It was paid"),
    },
    "delivery": {
        "owed": mark("To be written"),
        "queued": mark("To be sent"),
        "sent": mark("Sent"),
        "caught": mark("Caught here"),
        "deferred": mark("Delayed"),
        "bounced": mark("Not delivered"),
        "abandoned": mark("Given up"),
        "cancelled": mark("Cancelled"),
    },
    "speaker": {
        "third_party": mark("Not a party to this complaint"),
        "party": mark("Accepted as a party to this complaint"),
        "machine": mark("A machine"),
        "auto_reply": mark("An automatic reply"),
        "abuse_report": mark("A report that our letter was unwanted"),
        "receipt": mark("A read receipt"),
    },
    "mail_kind": {
        "waiting": mark("Mail waiting"),
        "machines": mark("Mail of machines"),
        "cut": mark("Loops cut"),
        "bounces": mark("Letters reported as lost or delayed"),
    },
    "mail_outcome": {
        "complaint": mark("A new complaint, without a receipt"),
        "held": mark("Held back for a person"),
        "bounce": mark("A report that a letter was lost"),
        "delayed": mark("A report that a letter is delayed"),
        "auto_reply": mark("An automatic reply"),
        "abuse_report": mark("A report that our letter was unwanted"),
        "receipt": mark("A read receipt"),
    },
    "mail_cut": {
        "address": mark("Too much from this address within a day"),
        "subject": mark("Too much under this subject within an hour"),
        "case": mark("Too much on this complaint within an hour"),
    },
    "exclusion": {
        "not_involved": mark("They have nothing to do with it"),
        "no_authority": mark("They may not speak for the complainant"),
        "advertising": mark("Advertising"),
        "suspicious": mark("It looks like fraud"),
    },
    "undelivered": _plain(WHYS),
    "outbox": {
        "waiting": mark("On their way"),
        "lost": mark("Did not arrive"),
        "cancelled": mark("Cancelled"),
    },
    "post": {
        **_plain(WHYS),
        "smtp_550": mark("The server does not know the address."),
        "smtp_551": mark("The server does not know the address."),
        "unreachable": mark("Our mail server does not answer."),
        "timeout": mark("Our mail server is too slow."),
        "certificate": mark("The certificate of our mail server is not valid."),
        "sign_in_refused": mark("Our mail server refuses our password."),
        "encryption_or_sign_in_not_offered": mark("Our mail server offers no encryption."),
        "address_not_supported": mark("Our mail server cannot write to this address."),
        "bad_address": mark("This is no address that can be written to."),
        "no_address": mark("No email address is known."),
        "forgotten": mark("The complainant was forgotten."),
        "deactivated": mark("The colleague has no account any more."),
        "concerned": mark("The complaint is about the colleague."),
        "not_allowed": mark("The colleague may not read audits any more."),
        "not_wanted": mark("The colleague does not want this mail."),
        "no_paper": mark("This machine cannot write PDF."),
        "suppressed": mark("The address refused letters before."),
        "domain_limit": mark("Many letters go to this mail server: one after the other."),
    },
    "risk": _plain(RISKS),
    "kept": _plain(WHY),
    "held": {
        **_plain(TROUBLES),
        "bulk": mark("It was sent to many at once."),
        "report_on_unknown": mark("It reports on a letter that is none of ours."),
        "report_does_not_fit": mark(
            "It reports on a letter of ours, but names another address than we wrote to."
        ),
        "colleague": mark("A colleague wrote it."),
        "unknown_sender": mark(
            "It names this complaint, but does not come from the complainant's address."
        ),
        "doubted": mark(
            "It comes from the complainant's address, but our mail server doubts that."
        ),
        "complaint_closed": mark(
            "It is on its complaint, which is closed. Reopen that if it asks for it."
        ),
        "third_party": mark("Somebody who is no party to the complaint answered our letter."),
        "too_many_on_case": mark("Many messages came to this complaint within an hour."),
        "too_many": mark("Many complaints came from this address within a day."),
        "not_usable": mark("Something in it cannot be used, such as the sender's address."),
        "not_possible": mark("It could not be opened, or not be put where it belongs."),
        "error": mark("Settling it failed for a reason that lies with this program."),
    },
    "discarded": {
        "advertising": mark("Advertising"),
        "not_for_us": mark("Not for us"),
        "answered_already": mark("Dealt with already"),
        "empty": mark("Nothing in it"),
    },
}
"""By kind of code."""
