"""What do codes mean to a person? Each is written down here once, to be translated."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from web.i18n import catalogue, mark
from web.mail.wording import WORDINGS
from web.pages import words_case, words_mail, words_money

LABELS: dict[str, dict[str, str]] = {
    **words_case.LABELS, **words_money.LABELS, **words_mail.LABELS,
}  # fmt: skip
"""By kind of code."""

DONE: dict[str, str] = {
    "mail": mark("The message is dealt with."),
    "wanted": mark("Kept. It holds from the next mail on."),
    "forgetting": mark("Forgotten. Nothing of them can be read any more."),
    "hold": mark("Nothing of it is forgotten from now on."),
    "hold-end": mark("The hold is ended."),
    "retention": mark("The rules are in force."),
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
    "template": mark("It is kept."),
    "sample": mark("Drawn. Each case waits for two reviewers."),
    "review": mark("Kept."),
    "standing": mark("The standing audits are as you want them."),
    "areas": mark("The table is kept. Audits look it up from now on."),
    "copy": mark("The audit is on its way to your colleague."),
    "readmission": mark("Letters go to this address again. Write the letter anew."),
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
    "staff": mark("It is kept whom of us it is about."),
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
    "trust": mark("Looked into: the claim is honest and can be approved."),
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
    mark("This complaint is not sealed yet. Try again in a minute."),
    mark("We know nobody by this id."),
    mark("Say why it must be kept."),
    mark("This day has passed."),
    mark("There is no such hold."),
    mark("This hold has been ended already."),
    mark("Two rules have the same name."),
    mark("A rule needs a name."),
    mark("Write down what the complaint is about."),
    mark("Explain what happened: the complainant receives this in the letter."),
    mark("The note is empty."),
    mark("Say how you know that letters arrive there again."),
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
    words = {
        (kind, code): said
        for kind in (*LABELS, *IN_LETTERS)
        for code, said in codes(kind, language)
    }

    def label(kind: str, code: str) -> str:
        if known := words.get((kind, code)):
            return known
        plain = code.replace("_", " ").strip()
        return plain[:1].upper() + plain[1:]

    return label
