"""In which words do pages say what money is owed for, and how it left?"""

from __future__ import annotations

from web.i18n import mark

LABELS: dict[str, dict[str, str]] = {
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
    "sign": {
        "many_claims": mark("Many claims by the same person within a year"),
        "same_address": mark("Somebody else claimed from the same address"),
        "same_phone": mark("Somebody else claimed from the same telephone"),
        "same_account": mark("Somebody else's claim goes to the same account"),
        "same_goods": mark("The same goods were claimed for before"),
    },
    "trust": {
        "same_household": mark("They live or work together"),
        "each_is_true": mark("Each of the claims is true"),
        "our_mistake": mark("We recorded something wrong"),
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
}
"""By kind of code."""
