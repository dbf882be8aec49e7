"""What do codes mean to a person? Each is written down here once, to be translated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from web.i18n import catalogue, mark
from web.mail.reading.sentences import RISKS, TROUBLES, WHYS
from web.mail.wording import WORDINGS


def _plain(sentences: Mapping[Any, str]) -> dict[str, str]:
    return dict(sentences)


LABELS: dict[str, dict[str, str]] = {
    "stage": {
        "received": mark("Received"),
        "acknowledged": mark("Acknowledged"),
        "explained": mark("Explained"),
        "compensated": mark("Compensated"),
        "closed": mark("Closed"),
        "withdrawn": mark("Withdrawn"),
    },
    "payout": {
        "accruing": mark("Growing"),
        "owed": mark("To be decided"),
        "approved": mark("To be paid"),
        "instructed": mark("Being paid"),
        "overpaid": mark("Paid too much"),
        "paid": mark("Paid"),
        "declined": mark("Declined"),
        "void": mark("No longer owed"),
    },
    "guarantee": {
        "goodwill": mark("Goodwill"),
        "redress": mark("Redress"),
        "late_acknowledgement": mark("Late acknowledgement"),
        "late_explanation": mark("Late explanation"),
        "unconditional_satisfaction": mark("Money back"),
    },
    "situation": {
        "poor_quality": mark(
            "Is the service good enough today that the promise will mostly be kept?"
        ),
        "does_not_fit": mark(
            "Does a guarantee fit what we stand for, or would it look like a doubt?"
        ),
        "outside_control": mark("Is what we promise in our own hands?"),
        "open_to_cheating": mark("How could it be abused, and what keeps that small?"),
        "costs_more": mark("What would it have cost on past failures, and what does it bring?"),
        "no_risk_seen": mark("Do people see a risk in buying from us that it takes away?"),
    },
    "refusal": {
        "paid_elsewhere": mark("Paid in another way"),
        "facts_are_wrong": mark("The facts are wrong"),
        "abuse": mark("The claim is not honest"),
        "waived": mark("The complainant does not want it"),
    },
    "place": {
        "expense": mark("Cost"),
        "owed": mark("Owed"),
        "approved": mark("To be paid"),
        "bank": mark("In the bank's hands"),
        "paid": mark("Paid"),
        "written_off": mark("Declined"),
    },
    "age_of_pay": {
        "late_over_30": mark("More than 30 days late"),
        "late_8_to_30": mark("8 to 30 days late"),
        "late_1_to_7": mark("1 to 7 days late"),
        "today": mark("Today"),
        "in_7": mark("Within 7 days"),
        "in_30": mark("Within 30 days"),
        "later": mark("Later"),
        "no_day": mark("No day is promised"),
    },
    "batch": {
        "gathered": mark("Waits for two signatures"),
        "signed": mark("Waits for the second signature"),
        "released": mark("Has left"),
        "dissolved": mark("Dissolved"),
    },
    "connector": {
        "pain.001.001.09": mark("bank file"),
        "csv": mark("table"),
        "webhook": mark("messages"),
        "hand": mark("by hand"),
    },
    "dissolution": {
        "wrong_day": mark("It should leave on another day"),
        "wrong_way": mark("It should leave another way"),
        "changed": mark("Something in it has changed"),
        "gathered_by_mistake": mark("It was gathered by mistake"),
    },
    "payment": {
        "instructed": mark("No answer yet"),
        "paid": mark("Paid"),
        "failed": mark("Did not leave"),
        "reversed": mark("Came back"),
    },
    "dismissal": {
        "not_ours": mark("It is no payment of this desk"),
        "told_twice": mark("It was told twice"),
        "charges": mark("These are charges of the bank"),
        "settled_by_hand": mark("It was settled by hand"),
    },
    "bank_reason": {
        "AC01": mark("the account number is wrong"),
        "AC04": mark("the account is closed"),
        "AC06": mark("the account is blocked"),
        "AG01": mark("the account takes no such payments"),
        "AM04": mark("our account did not hold enough"),
        "AM05": mark("the bank took it for a repeat"),
        "BE04": mark("the payee's address is missing"),
        "BE05": mark("the bank does not know who asks"),
        "FOCR": mark("it was called back"),
        "MD06": mark("the payee sent it back"),
        "MD07": mark("the payee has died"),
        "MS02": mark("the payee refused it"),
        "MS03": mark("the bank gives no reason"),
        "RC01": mark("the code of the bank is wrong"),
        "RR01": mark("the bank lacks the payer's account"),
        "not_said": mark("no reason was given"),
    },
    "account_kind": {
        "iban": mark("IBAN"),
        "uk": mark("United Kingdom"),
        "other": mark("Another one"),
    },
    "failure": {
        "account_closed": mark("The account is closed"),
        "account_not_known": mark("There is no such account"),
        "not_collected": mark("It was not collected"),
        "refused_by_bank": mark("The bank refused"),
    },
    "reversal": {
        "account_closed": mark("The account is closed"),
        "not_collected": mark("It was not collected"),
        "sent_back": mark("The complainant sent it back"),
    },
    "channel": {
        "phone": mark("Phone"),
        "counter": mark("Counter"),
        "email": mark("Email"),
        "web": mark("Web"),
        "letter": mark("Letter"),
        "social": mark("Social media"),
        "third_party": mark("Third party"),
        "api": mark("Another system"),
    },
    "outcome": {
        "upheld": mark("Upheld"),
        "partly_upheld": mark("Partly upheld"),
        "not_upheld": mark("Not upheld"),
        "withdrawn": mark("Withdrawn"),
        "out_of_scope": mark("Out of scope"),
        "not_known": mark("Not known"),
    },
    "severity": {
        "low": mark("Low"),
        "normal": mark("Normal"),
        "high": mark("High"),
        "critical": mark("Critical"),
    },
    "alike": {
        "loss": mark("The same category and severity, and about the same loss."),
        "severity": mark("The same category and severity."),
        "category": mark("The same category."),
    },
    "basis": {
        "goodwill": mark("Goodwill"),
        "redress": mark("Redress"),
        "guarantee": mark("Guarantee"),
    },
    "waits": {
        "authority": mark("More than the proposer may approve"),
        "budget": mark("The month's budget is used up"),
        "review": mark("To be looked into first"),
        "goodwill": mark("Somebody proposed it"),
        "redress": mark("Somebody proposed it"),
        "guarantee": mark("No budget lets it go without a person"),
    },
    "kind": {
        "goodwill": mark("Goodwill: because we want to"),
        "redress": mark("Redress: because it is due"),
        "in_kind": mark("In kind: not money"),
    },
    "desired": {
        "taken_seriously": mark("To be taken seriously"),
        "respect": mark("To be treated with respect"),
        "immediate_action": mark("Immediate action"),
        "compensation": mark("Compensation"),
        "consequences": mark("Consequences for those responsible"),
        "not_again": mark("That it does not happen again"),
        "listened_to": mark("To be listened to"),
    },
    "link": {
        "related": mark("Related"),
        "repeat": mark("The same again"),
        "split": mark("Split from one complaint"),
    },
    "act": {
        "acknowledgement": mark("Acknowledge"),
        "explanation": mark("Explain"),
        "compensation": mark("Compensate"),
        "closure": mark("Close"),
        "letters": mark("Write"),
        "messages": mark("They said"),
        "notes": mark("Note"),
    },
    "field": {
        "stage": mark("Stage"),
        "assignee": mark("Agent"),
        "channel": mark("Channel"),
        "language": mark("Language"),
        "tier": mark("Tier"),
        "category": mark("Category"),
        "product": mark("Product"),
        "severity": mark("Severity"),
        "outcome": mark("Outcome"),
        "source": mark("Source"),
        "complainant": mark("Complainant"),
        "clock": mark("Next promise"),
        "wish": mark("Wants"),
        "since": mark("Received from"),
        "until": mark("Received until"),
    },
    "due_state": {
        "overdue": mark("Overdue"),
        "soon": mark("Due within 1 day"),
        "later": mark("Due later"),
        "none": mark("Nothing is due"),
        "nobody": mark("nobody yet"),
    },
    "density": {"dense": mark("Close together"), "airy": mark("Further apart")},
    "language": {"en": "English", "zh": "中文"},
    "pause": {
        "complainant": mark("The complainant"),
        "third_party": mark("A third party"),
        "colleague": mark("A colleague"),
        "other": mark("Somebody else"),
    },
    "extension": {
        "complex": mark("The matter is complex"),
        "evidence": mark("Evidence is still to come"),
        "third_party": mark("A third party has not answered"),
        "other": mark("Another reason"),
    },
    "escalation": {
        "authority": mark("It is above my authority"),
        "vulnerable": mark("The complainant may be vulnerable"),
        "safety": mark("Safety is at stake"),
        "repeated": mark("It happened before"),
        "other": mark("Another reason"),
    },
    "escalate_to": {
        "supervisor": mark("Supervisor"),
        "legal": mark("Legal"),
        "management": mark("Management"),
    },
    "reopening": {
        "disputed": mark("The complainant disputes the outcome"),
        "new_facts": mark("New facts came to light"),
        "mistake": mark("It was closed by mistake"),
        "other": mark("Another reason"),
    },
    "yours": {
        "yes": mark("Yes"),
        "partly": mark("Partly"),
        "perhaps": mark("Perhaps"),
        "no": mark("No"),
    },
    "fulfilled": {
        "yes": mark("Got what they wanted"),
        "partly": mark("Got a part of what they wanted"),
        "no": mark("Did not get what they wanted"),
    },
    "returning": {
        "yes": mark("Would come back"),
        "perhaps": mark("Would perhaps come back"),
        "no": mark("Would not come back"),
    },
    "clock": {
        "acknowledge": mark("Acknowledge"),
        "explain": mark("Explain"),
        "resolve": mark("Resolve"),
        "answer": mark("Answer"),
    },
    "segment": {
        "counted": mark("Counted"),
        "outside_hours": mark("Outside working hours"),
        "day_off": mark("Not a working day"),
        "holiday": mark("Holiday"),
        "closure": mark("Closed"),
        "starting_day": mark("The day it began is not counted"),
        "paused": mark("It stood still"),
        "waiting_day": mark("Not counted: it stood still when the day ended"),
        "rolled": mark("Carried to the next working day"),
        "late": mark("Late"),
    },
    "turn": {
        "started": mark("It began"),
        "restarted": mark("It began again"),
        "paused": mark("It stands still"),
        "resumed": mark("It runs again"),
        "extended": mark("It was prolonged"),
        "retargeted": mark("Another target applies"),
        "moved": mark("It was moved"),
        "reapplied": mark("Another version of the policy was applied"),
    },
    "by": {
        "day": mark("Day"),
        "week": mark("Week"),
        "month": mark("Month"),
        "quarter": mark("Quarter"),
        "year": mark("Year"),
        "agent": mark("Agent"),
        "channel": mark("Channel"),
        "tier": mark("Tier"),
        "category": mark("Category"),
        "product": mark("Product"),
        "severity": mark("Severity"),
        "policy": mark("Policy"),
    },
    "ending": {
        "met": mark("Kept"),
        "breached": mark("Missed"),
        "open": mark("Still open"),
        "undecided": mark("Not decided"),
        "none": mark("No such promise"),
    },
    "age": {
        "under_1_day": mark("Less than 1 day"),
        "1_to_3_days": mark("1 to 3 days"),
        "3_to_7_days": mark("3 to 7 days"),
        "1_to_2_weeks": mark("1 to 2 weeks"),
        "2_to_4_weeks": mark("2 to 4 weeks"),
        "4_to_8_weeks": mark("4 to 8 weeks"),
        "over_8_weeks": mark("8 weeks and more"),
    },
    "due": {
        "late_over_1_week": mark("More than 1 week late"),
        "late_1_to_7_days": mark("1 to 7 days late"),
        "late_under_1_day": mark("Up to 1 day late"),
        "due_within_1_day": mark("Due within 1 day"),
        "due_in_1_to_3_days": mark("Due in 1 to 3 days"),
        "due_in_3_to_7_days": mark("Due in 3 to 7 days"),
        "due_after_1_week": mark("Due in 1 week or later"),
        "nothing_due": mark("Nothing is due"),
    },
    "letter": {
        "received": mark("Receipt"),
        "acknowledged": mark("Acknowledgement"),
        "explained": mark("Explanation"),
        "compensated": mark("Compensation"),
        "closed": mark("Closure"),
        "message": mark("Message"),
        "notice": mark("Notice to a colleague"),
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
        "suppressed": mark("The address refused letters before."),
        "domain_limit": mark("Many letters go to this mail server: one after the other."),
    },
    "risk": _plain(RISKS),
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
    "role": {
        "agent": mark("Agent"),
        "supervisor": mark("Supervisor"),
        "administrator": mark("Administrator"),
    },
    "scheme": {"auto": mark("System"), "light": mark("Light"), "dark": mark("Dark")},
    "tier": {
        "standard": mark("Standard"),
        "plus": mark("Plus"),
        "premium": mark("Premium"),
        "vip": mark("VIP"),
    },
    "category": {
        "billing": mark("Billing"),
        "outage": mark("Outage"),
        "missed_appointment": mark("Missed appointment"),
        "slow_speed": mark("Slow speed"),
        "meter_reading": mark("Meter reading"),
        "cancellation": mark("Cancellation"),
        "switching": mark("Switching"),
        "installation": mark("Installation"),
        "shop_service": mark("Service in the shop"),
        "staff_conduct": mark("Conduct of staff"),
    },
    "product": {
        "fibre": mark("Fibre"),
        "broadband": mark("Broadband"),
        "electricity": mark("Electricity"),
        "gas": mark("Gas"),
    },
    "topic": {
        "complaint.received": mark("Complaint received"),
        "complaint.acknowledged": mark("Acknowledged"),
        "complaint.explained": mark("Explained"),
        "complaint.compensated": mark("Compensated"),
        "complaint.compensation_proposed": mark("Compensation proposed"),
        "complaint.closed": mark("Closed"),
        "complaint.assigned": mark("Assigned"),
        "complaint.released": mark("Put back into the queue"),
        "complaint.classified": mark("Classified"),
        "complaint.note_added": mark("Note"),
        "complaint.outcome_accepted": mark("The complainant accepts the outcome"),
        "complaint.surveyed": mark("The complainant says how it went"),
        "complaint.message_received": mark("The complainant said"),
        "complaint.files_added": mark("Files came with it"),
        "complaint.mail_filed": mark("Mail from somebody else"),
        "complaint.party_admitted": mark("Somebody else may speak in this complaint"),
        "complaint.party_refused": mark("Mail of somebody else was refused"),
        "complaint.letter_returned": mark("Not delivered: reach the complainant another way"),
        "complaint.message_sent": mark("Message to the complainant"),
        "complaint.paused": mark("Waiting"),
        "complaint.resumed": mark("No longer waiting"),
        "complaint.extended": mark("Promise prolonged"),
        "complaint.escalated": mark("Passed up"),
        "complaint.withdrawn": mark("Withdrawn by the complainant"),
        "complaint.reopened": mark("Reopened"),
        "complaint.incident_recorded": mark("Facts recorded"),
        "complaint.milestone_reached": mark("Milestone"),
        "complaint.guarantee_claimed": mark("A guarantee was claimed"),
        "complaint.merged": mark("Answered under another complaint from now on"),
        "complaint.unmerged": mark("On its own again, no longer answered under another complaint"),
        "complaint.took_in": mark("Another complaint is answered under this one from now on"),
        "complaint.gave_back": mark("Another complaint is on its own again"),
        "complaint.linked": mark("Linked to another complaint"),
        "complaint.unlinked": mark("No longer linked to another complaint"),
        "delivery.queued": mark("Letter written"),
        "delivery.sent": mark("Letter sent"),
        "delivery.deferred": mark("Letter delayed"),
        "delivery.bounced": mark("Letter not delivered"),
        "delivery.delayed": mark("Letter delayed on its way"),
        "delivery.abandoned": mark("Letter given up"),
    },
}
"""By kind of code."""

DONE: dict[str, str] = {
    "mail": mark("The message is dealt with."),
    "admission": mark("What they write goes on this complaint from now on."),
    "exclusion": mark("The message stays out of the conversation."),
    "received": mark("The complaint is taken. The complainant gets a receipt."),
    "acknowledgement": mark("Acknowledged. The letter is on its way."),
    "explanation": mark("Explained. The letter is on its way."),
    "compensation": mark("Compensated. The letter is on its way."),
    "proposal": mark("Proposed. Once somebody else approves it, the letter goes out."),
    "closure": mark("Closed. The letter is on its way."),
    "letters": mark("The message is on its way."),
    "cancellation": mark("The letter was cancelled. Its words are back in the form."),
    "too-late": mark("This letter has left already, so it cannot be cancelled."),
    "messages": mark("Kept."),
    "notes": mark("The note is kept."),
    "assignment": mark("The complaint is with the agent now."),
    "release": mark("The complaint is back in the queue."),
    "pause": mark("The complaint waits."),
    "resumption": mark("The complaint no longer waits."),
    "extension": mark("The promise is prolonged."),
    "escalation": mark("Passed up."),
    "classification": mark("The complaint is classified."),
    "incident": mark("The facts are kept."),
    "withdrawal": mark("The complaint is withdrawn."),
    "reopening": mark("The complaint is open again."),
    "next": mark("This one is yours: the most urgent that you may take."),
    "nothing-left": mark("Nothing is left that you may take."),
    "hands-full": mark("You have as many open complaints as you can take. Finish one first."),
    "merger": mark("This complaint is answered under the other one now."),
    "separation": mark("The complaint is on its own again."),
    "link": mark("The complaints are linked."),
    "unlinking": mark("The complaints are no longer linked."),
    "split": mark("The second matter is a complaint of its own. The complainant gets a receipt."),
    "claims": mark("The claim is kept; its answer stands under Claims."),
    "taken": mark("We have your complaint. Keep this page: it shows where it stands."),
    "mine-message": mark("Thank you. We have it."),
    "mine-acceptance": mark("Thank you for telling us."),
    "mine-contest": mark("Thank you. We look at it again."),
    "mine-claim": mark("We have your claim. The answer stands below."),
    "mine-survey": mark("Thank you for telling us how it went."),
    "approval": mark("Approved."),
    "refusal": mark("Declined."),
    "instruction": mark("It is yours to pay."),
    "confirmation": mark("Paid."),
    "failure": mark("It is to be paid again."),
    "reversal": mark("It is to be paid again."),
    "account": mark("The account is kept."),
    "gathering": mark("Gathered. Two people sign before it leaves."),
    "signature": mark("Signed."),
    "dissolution": mark("Dissolved. What was in it can be gathered again."),
    "placement": mark("It is recorded."),
    "dismissal": mark("Set aside."),
    "adoption": mark("The policy is in force."),
    "application": mark("The policy is applied to open complaints; their clocks follow."),
    "retirement": mark("The policy is retired."),
    "signed-out": mark("You are signed out."),
}
"""What a page says after the form with this name was sent."""

ELSEWHERE: tuple[str, ...] = (
    mark("Write down what the complaint is about."),
    mark("Explain what happened: the complainant receives this in the letter."),
    mark("The note is empty."),
    mark("Answer this before you offer a guarantee: it is recorded with the adoption."),
    mark("The message is empty."),
    mark("Somebody has decided on this message already."),
    mark("This message does not say who wrote it."),
    mark("The request cannot be read"),
    mark("Sign in first"),
    mark("Not allowed"),
    mark("Not found"),
    mark("Not possible here"),
    mark("Somebody was quicker"),
    mark("Too large"),
    mark("Too often"),
    mark("Too much came from here in a short time. Wait a minute, then try again."),
    mark("Tell us what is still wrong, so that we can look again."),
    mark("Not accepted"),
    mark("Something went wrong"),
    mark("The desk cannot work right now"),
    mark("There is nothing at this address."),
    mark("This is more than the desk takes in one request."),
)
"""Sentences that other parts say where nothing marks them; a test holds them against those."""


IN_LETTERS = ("cause", "reason")
"""Kinds of code that letters say in words of their own; agents choose among the same words."""


@cache
def codes(kind: str, language: str) -> tuple[tuple[str, str], ...]:
    """The known codes of a kind with their words, in the order in which they are offered."""
    if kind in IN_LETTERS:
        wording = WORDINGS["zh" if language == "zh" else "en"]
        said = wording.causes if kind == "cause" else wording.reasons
        return tuple((code, text[:1].upper() + text[1:]) for code, text in said.items())
    say = catalogue(language).gettext
    return tuple((code, say(text)) for code, text in LABELS[kind].items())


@cache
def labeller(language: str) -> Callable[[str, str], str]:
    """`label(kind, code)`: the words for a code; one we do not know is shown much as it is."""
    words = {kind: dict(codes(kind, language)) for kind in (*LABELS, *IN_LETTERS)}

    def label(kind: str, code: str) -> str:
        if known := words.get(kind, {}).get(code):
            return known
        plain = code.replace("_", " ").strip()
        return plain[:1].upper() + plain[1:]

    return label
