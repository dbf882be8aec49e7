"""Where is the money of this complaint to go?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from projections.table import Given, Projection, metadata
from recovery.events import AccountGiven, Forgotten, PaperRef, Recorded


class Payee(msgspec.Struct, frozen=True, kw_only=True):
    """What was last said of where the money goes; the account itself is a paper."""

    complaint: str
    version: int
    account: str
    """Id of the paper."""
    digest: str
    fingerprint: str
    at: datetime | None
    by: str

    @property
    def paper(self) -> PaperRef:
        return PaperRef(self.account, self.digest)


table = sa.Table(
    "payees",
    metadata,
    sa.Column("complaint", sa.Text(collation="C"), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("account", sa.Text(collation="C"), nullable=False),
    sa.Column("digest", sa.Text(collation="C"), nullable=False),
    sa.Column("fingerprint", sa.Text(collation="C"), nullable=False),
    sa.Column("at", sa.DateTime(timezone=True)),
    sa.Column("by", sa.Text(collation="C"), nullable=False),
)
sa.Index("payees_fingerprint", table.c.fingerprint)


def groups(record: Recorded) -> Sequence[str]:
    event = record.event
    if isinstance(event, Forgotten):
        return event.complaints
    return (event.complaint,) if isinstance(event, AccountGiven) else ()


def fold(rows: tuple[Payee, ...], record: Recorded, _: Given) -> tuple[Payee, ...]:
    """Whoever is forgotten has no account here any more."""
    event = record.event
    if not isinstance(event, AccountGiven):
        return ()
    return (
        Payee(
            complaint=event.complaint, version=record.version, account=event.account.paper,
            digest=event.account.digest, fingerprint=event.fingerprint, at=event.at, by=event.by,
        ),
    )  # fmt: skip


PROJECTION: Projection[Payee] = Projection(
    name="payees",
    version=1,
    table=table,
    row=Payee,
    group="complaint",
    events=frozenset({AccountGiven, Forgotten}),
    groups=groups,
    fold=fold,
    starts=lambda record: isinstance(record.event, AccountGiven) and record.version == 1,
)


def of_complaint(conn: sa.Connection, complaint: str) -> Payee | None:
    """Where the money of the complaint goes, if anybody said."""
    row = conn.execute(sa.select(table).where(table.c.complaint == complaint)).mappings().first()
    return Payee(**row) if row else None
