"""Does a message come from whom it says it does?

Our own border looked at what can be looked at (SPF, DKIM, DMARC) and wrote it down. A pass counts
for the domain that it is about: anybody can sign as themselves and write another's name on top.
"""

from __future__ import annotations

from web.mail.reading import Understood, Verdict, is_of

SAID_NO = ("fail", "softfail", "policy", "permerror")


def believed(message: Understood) -> bool:
    """Whether the message may speak for the address it names: exactly one, and nobody else's."""
    who = message.identity
    authors = {party.address for party in who.authors if party.address}
    if len(authors) != 1 or doubted(message):
        return False
    passed = [verdict for verdict in who.verdicts if verdict.result == "pass" and verdict.domain]
    return not passed or any(is_of(each.domain, who.sender.address) for each in passed)


def doubted(message: Understood) -> bool:
    """Whether our border found that it does not come from there."""
    sender = message.identity.sender.address
    found = {verdict.method: verdict for verdict in message.identity.verdicts}
    dmarc = found.get("dmarc")
    if dmarc and dmarc.result == "pass":
        return bool(dmarc.domain) and not is_of(dmarc.domain, sender)
    if dmarc and dmarc.result == "fail":
        return True
    if any(_holds(found.get(method), sender) for method in ("spf", "dkim")):
        return False
    spf = found.get("spf")
    return spf is not None and spf.result in SAID_NO


def _holds(verdict: Verdict | None, sender: str) -> bool:
    return verdict is not None and verdict.result == "pass" and is_of(verdict.domain, sender)
