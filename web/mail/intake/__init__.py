"""What becomes of a message that came in? Stored first, then understood, then where it belongs."""

from web.mail.intake.taking import Intake

__all__ = ["Intake"]
