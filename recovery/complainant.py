"""Who complained, and can we answer them?"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from recovery import text as texts
from recovery.errors import Invalid
from recovery.vault import Contact

DIGITS = 7
"""Of a telephone number from which on it can be somebody's own; "0" and "999" are nobody's."""


def complainant_id(contact: Contact, *, salt: bytes) -> str:
    """The same id for the same address; a random one when neither says who it is."""
    digits = "".join(c for c in contact.phone if c.isdecimal())
    known_by = contact.email.casefold() or (digits if len(digits) >= DIGITS else "")
    if not known_by:
        return secrets.token_hex(16)
    return hmac.digest(salt, known_by.encode(), hashlib.sha256).hex()[:32]


def reachable(contact: Contact) -> Contact:
    """The contact details, cleaned; raises Invalid when there is no way to answer."""
    found = Contact(
        name=texts.line(contact.name, field="name"),
        email=texts.email(contact.email),
        phone=texts.line(contact.phone, field="phone", limit=50),
        address=texts.clean(contact.address, field="address", limit=1_000),
    )
    if not (found.email or found.phone or found.address):
        raise Invalid(
            "Give one way to reach the complainant: email, phone or address.", field="email"
        )
    return found
