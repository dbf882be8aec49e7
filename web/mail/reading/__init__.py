"""What is in a message? Bytes in, records out: no database, no clock, no network."""

from web.mail.reading.addresses import is_of
from web.mail.reading.records import Envelope, Here, Understood, Verdict
from web.mail.reading.understand import understand

__all__ = ["Envelope", "Here", "Understood", "Verdict", "is_of", "understand"]
