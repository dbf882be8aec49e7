"""What is in a message? Bytes in, records out: no database, no clock, no network."""

from web.mail.reading.records import Envelope, Here, Understood
from web.mail.reading.understand import understand

__all__ = ["Envelope", "Here", "Understood", "understand"]
