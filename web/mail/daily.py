"""What stands in the mail that supervisors get each morning?

How much waits, and the newest head of the seal, so that it lies where the desk cannot change it.
Numbers only: no complaint is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.numbers import format_decimal

from projections.morning import Figures
from recovery.seal import Head
from recovery.vault import WrittenLetter
from web.accounts import User
from web.i18n import catalogue, mark
from web.mail.letters import addressable, amount_in, day_in, filled, tongue
from web.mail.wording import WORDINGS

KIND: Literal["daily"] = "daily"
CONTEXT = frozenset(
    {
        "language", "subject", "greeting", "day", "due", "overdue", "rows", "head", "events",
        "link", "desk",
    }
)  # fmt: skip
"""Every value that the three templates may use, and do use."""
ROWS = {
    "received": mark("Received yesterday"),
    "breached": mark("Promises broken yesterday"),
    "open": mark("All open"),
    "unassigned": mark("Unassigned"),
    "due": mark("Due today"),
    "overdue": mark("Overdue"),
    "approvals": mark("Payouts to approve"),
    "owed": mark("Together"),
    "mail": mark("Mail waiting"),
    "findings": mark("Findings of standing audits to sign off"),
}
"""The figures as they are told, in this order."""


def letter(
    known: Figures, head: Head | None, colleague: User, *, now: datetime, zone: ZoneInfo,
    base_url: str, organisation: str,
) -> WrittenLetter:  # fmt: skip
    """The mail in the colleague's language."""
    spoken = tongue(colleague.language)
    wording = WORDINGS[spoken]
    locale = Locale.parse(wording.locale)
    say = catalogue(spoken).gettext
    values = {
        "language": wording.tag, "greeting": wording.greeting(addressable(colleague.name)),
        "day": day_in(now.astimezone(zone).date(), locale), "head": head,
        "due": known.due, "overdue": known.overdue,
        "rows": [(say(ROWS[name]), said) for name, said in _rows(known, locale)],
        "events": format_decimal(head.size, locale=locale) if head else "",
        "link": base_url.rstrip("/"), "desk": wording.desk.format(organisation=organisation),
    }  # fmt: skip
    return filled(f"letters/{spoken}/daily", values, to=colleague.email, name=colleague.name)


def _rows(known: Figures, locale: Locale) -> Iterator[tuple[str, str]]:
    for name in ROWS:
        if name != "owed":
            yield name, format_decimal(getattr(known, name), locale=locale)
        elif known.owed:
            yield name, " + ".join(amount_in(each, locale) for each in known.owed)
