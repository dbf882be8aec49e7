"""Which messages came in, and what became of each?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

import msgspec
import psycopg
from psycopg.rows import class_row

from recovery.database import Database
from recovery.errors import NotFound

Channel = Literal["pipe", "lmtp", "smtp", "imap"]
State = Literal["new", "waiting", "done", "discarded"]
Outcome = Literal[
    "complaint", "appended", "proposed", "third_party", "bounce", "delayed", "auto_reply",
    "abuse_report", "receipt", "duplicate", "held", "answered",
]  # fmt: skip
Cut = Literal["", "address", "subject", "case"]
"""What there was too much of, where mail was kept from answering mail."""
Kind = Literal["waiting", "machines", "cut", "bounces"]
KINDS: tuple[Kind, ...] = get_args(Kind)
RECENT = timedelta(days=7)
COLUMNS = (
    "mail, paper, channel, size, received_at, state, attempts, retry_at, reason, outcome,"
    " reference, sender, twin, by, cut"
)
WHICH: dict[Kind, str] = {
    "waiting": "(state = 'waiting' or (state = 'new' and reason <> ''))",
    "machines": "outcome in ('auto_reply', 'abuse_report', 'receipt') and received_at >= %(since)s",
    "cut": "cut <> '' and received_at >= %(since)s",
    "bounces": "outcome in ('bounce', 'delayed') and received_at >= %(since)s",
}
ON_CASE = ("appended", "third_party")
"""What waits with one of these is on its complaint already."""
_ID = re.compile("[0-9a-f]{64}")
_START = re.compile("[0-9a-f]{32}")
_TRAFFIC = """
select
 (select count(*) from desk.mail m where m.sender = a.sender and m.sender <> ''
  and m.outcome = 'complaint' and m.received_at >= a.at - interval '1 day'),
 (select count(*) from desk.mail m where m.about = a.about and m.about <> ''
  and m.outcome = 'complaint' and m.received_at >= a.at - interval '1 hour'),
 (select count(*) from desk.mail m where m.reference = a.reference and m.reference <> ''
  and m.state <> 'new' and m.outcome not in ('proposed', 'held')
  and m.received_at >= a.at - interval '1 hour')
from unnest(%s::text[], %s::text[], %s::text[], %s::timestamptz[])
 with ordinality as a (sender, about, reference, at, place) order by a.place
"""


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """A message as the list has it, without its content."""

    mail: str
    paper: str
    channel: Channel
    size: int
    received_at: datetime
    state: State
    attempts: int
    retry_at: datetime
    reason: str
    """Why it waits, or why it was put aside: a code."""
    outcome: str
    reference: str
    """The complaint it is on, or might be about."""
    sender: str
    twin: str
    by: str
    cut: Cut

    @property
    def is_on_its_case(self) -> bool:
        return self.outcome in ON_CASE


class Asked(msgspec.Struct, frozen=True):
    """A message whose traffic is asked for."""

    sender: str
    about: str
    reference: str
    at: datetime


class Traffic(msgspec.Struct, frozen=True):
    """How much there was of what a message is one more of."""

    complaints: int = 0
    """That began with mail from its sender within a day."""
    subject: int = 0
    """Complaints that began with its subject within an hour."""
    case: int = 0
    """Messages on its complaint within an hour; not those that strangers only named it in."""


class MailList:
    """Questions to the table `desk.mail`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, mail: str) -> Mail:
        """Raises NotFound."""
        found = self._select("where mail = %s", (mail,)) if _ID.fullmatch(mail) else []
        if not found:
            raise NotFound("There is no such message.")
        return found[0]

    def on_case(self, start: str, reference: str) -> Mail:
        """The message that an event of the complaint names as its cause; raises NotFound."""
        named = _START.fullmatch(start)
        found = self._select(
            "where mail >= %s and mail < %s || 'g' and reference = %s and outcome <> 'proposed'",
            (start, start, reference),
        ) if named else []  # fmt: skip
        if not found:
            raise NotFound("There is no such message.")
        return found[0]

    def waiting(self, *, limit: int = 200) -> list[Mail]:
        """What a person has to look at, and what could not be settled yet, oldest first."""
        return self._select(f"where {WHICH['waiting']} order by received_at, mail limit %s",
                            (limit,))  # fmt: skip

    def recent(self, kind: Kind, *, now: datetime, limit: int = 100) -> list[Mail]:
        """What came within a week, newest first."""
        return self._select(
            f"where {WHICH[kind]} order by received_at desc, mail limit %(limit)s",
            {"since": now - RECENT, "limit": limit},
        )

    def counts(self, *, now: datetime) -> dict[Kind, int]:
        """How much waits; of the other kinds, how much came within a week."""
        filters = ", ".join(f"count(*) filter (where {WHICH[kind]})" for kind in KINDS)
        with self._database.connection() as conn:
            row = conn.execute(
                f"select {filters} from desk.mail where state in ('new', 'waiting')"  # noqa: S608
                " or received_at >= %(since)s",
                {"since": now - RECENT},
            ).fetchone()
        assert row is not None
        return dict(zip(KINDS, row, strict=True))

    def copy_of(self, twin: str) -> Mail:
        """The copy that became something; raises NotFound."""
        found = self._select("where twin = %s and outcome not in ('', 'duplicate')", (twin,))
        if not found:
            raise NotFound("There is no such message.")
        return found[0]

    def traffic(self, asked: Sequence[Asked]) -> list[Traffic]:
        """For each message, in one statement."""
        columns = [[getattr(each, name) for each in asked] for name in Asked.__struct_fields__]
        with self._database.connection() as conn:
            rows = conn.execute(_TRAFFIC, columns, prepare=True).fetchall()
        return [Traffic(*row) for row in rows]

    def _select(self, rest: str, parameters: Any) -> list[Mail]:
        with self._database.connection() as conn:
            return mails(conn, f"select {COLUMNS} from desk.mail {rest}", parameters)  # noqa: S608


def mails(conn: psycopg.Connection[Any], statement: Any, parameters: Any) -> list[Mail]:
    """The rows of a statement that gives COLUMNS."""
    return conn.cursor(row_factory=class_row(Mail)).execute(statement, parameters).fetchall()
