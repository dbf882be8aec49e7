"""Who complained, and can we answer them?"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from typing import NamedTuple

from recovery import text as texts
from recovery.errors import Invalid
from recovery.events import Forgotten, Recorded, complainant_stream
from recovery.store import Store
from recovery.vault import Contact

_ID = re.compile(r"[0-9a-f]{32}")


class Recognised(NamedTuple):
    """Somebody, and whether the desk has heard of them before."""

    complainant: str
    is_new: bool


DIGITS = 7
"""Of a telephone number from which on it can be somebody's own; "0" and "999" are nobody's."""


def recognise(store: Store, contact: Contact, *, salt: bytes) -> tuple[str, list[Recorded]]:
    """Who this is, and what was recorded of them; nothing of somebody new.

    Somebody who was forgotten and returns is somebody new, and found again from then on: what
    they brought before stays nobody's.
    """
    generation = 0
    while True:
        found = complainant_id(contact, salt=salt, generation=generation)
        history = store.records(complainant_stream(found))
        if not any(isinstance(record.event, Forgotten) for record in history):
            return found, history
        generation += 1


def recognise_all(store: Store, emails: Collection[str], *, salt: bytes) -> dict[str, Recognised]:
    """Who each address would be, in one statement for all but those who were forgotten."""
    ids = {email: complainant_id(Contact(email=email), salt=salt) for email in emails}
    streams = store.several([complainant_stream(id_) for id_ in ids.values()]) if ids else {}
    found = {}
    for email, id_ in ids.items():
        history = streams.get(complainant_stream(id_), [])
        if any(isinstance(record.event, Forgotten) for record in history):
            id_, history = recognise(store, Contact(email=email), salt=salt)
        found[email] = Recognised(id_, not history)
    return found


def complainant_id(contact: Contact, *, salt: bytes, generation: int = 0) -> str:
    """The same id for the same address; a random one when neither says who it is.

    `generation` counts how often the person was forgotten.
    """
    digits = phone_digits(contact.phone)
    known_by = contact.email.casefold() or (digits if len(digits) >= DIGITS else "")
    if not known_by:
        return secrets.token_hex(16)
    if generation:
        known_by += f"\0{generation}"
    return hmac.digest(salt, known_by.encode(), hashlib.sha256).hex()[:32]


def phone_digits(phone: str) -> str:
    """A telephone number, however it was written."""
    return "".join(c for c in phone if c.isdecimal())


def is_id(typed: str) -> bool:
    """Whether this can be somebody's id at all."""
    return _ID.fullmatch(typed) is not None


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
