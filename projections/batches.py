"""Which batches of payments are there, who signed them, and what waits to be gathered?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.dialects.postgresql import JSONB

from projections.table import Given, Projection, metadata
from recovery.events import Dissolved, Gathered, Recorded, Signed, subject
from recovery.money import Money
from recovery.paying.batch import SIGNATURES, Signature, Stage, digest_of


class HasAmount(Protocol):
    """A part of a batch."""

    @property
    def amount(self) -> Decimal: ...


class File(msgspec.Struct, frozen=True):
    """One file of a batch."""

    part: int
    payments: int
    amount: Decimal
    digest: str


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """One batch, as it is printed on its record."""

    batch: str
    version: int
    connector: str
    currency: str
    number: int
    stage: Stage
    payments: int
    amount: Decimal
    cut_off: datetime
    on: date
    files: tuple[File, ...]
    gathered_at: datetime | None
    gathered_by: str
    signatures: tuple[Signature, ...] = ()
    ended_at: datetime | None = None
    """When it left, or was dissolved."""
    reason: str = ""

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    def sum_of(self, part: HasAmount) -> Money:
        """The amount of a file or a payment of this batch."""
        return Money(part.amount, self.currency)

    @property
    def digest(self) -> str:
        return digest_of(file.digest for file in self.files)

    @property
    def waits(self) -> bool:
        return self.stage in WAITING


WAITING: tuple[Stage, ...] = ("gathered", "signed")
table = sa.Table(
    "batches",
    metadata,
    sa.Column("batch", sa.Text(collation="C"), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("connector", sa.Text(collation="C"), nullable=False),
    sa.Column("currency", sa.Text(collation="C"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("stage", sa.Text(collation="C"), nullable=False),
    sa.Column("payments", sa.Integer, nullable=False),
    sa.Column("amount", sa.Numeric, nullable=False),
    sa.Column("cut_off", sa.DateTime(timezone=True), nullable=False),
    sa.Column("on", sa.Date, nullable=False),
    sa.Column("files", JSONB, nullable=False),
    sa.Column("gathered_at", sa.DateTime(timezone=True)),
    sa.Column("gathered_by", sa.Text(collation="C"), nullable=False),
    sa.Column("signatures", JSONB, nullable=False),
    sa.Column("ended_at", sa.DateTime(timezone=True)),
    sa.Column("reason", sa.Text(collation="C"), nullable=False),
)
_c = table.c
sa.Index("batches_number", _c.connector, _c.currency, _c.number)


def groups(record: Recorded) -> Sequence[str]:
    return (subject(record.stream),)


def fold(rows: tuple[Batch, ...], record: Recorded, _: Given) -> tuple[Batch, ...]:
    event = record.event
    if isinstance(event, Gathered):
        return (_with_file(rows[0] if rows else None, record, event),)
    if not rows:
        return rows
    row = replace(rows[0], version=record.version)
    match event:
        case Signed():
            signatures = (*row.signatures, Signature(event.by, event.at))
            left = len(signatures) >= SIGNATURES
            return (
                replace(row, signatures=signatures, stage="released" if left else "signed",
                        ended_at=event.at if left else None),
            )  # fmt: skip
        case Dissolved():
            return (replace(row, stage="dissolved", reason=event.reason, ended_at=event.at),)
        case _:
            return rows


def _with_file(row: Batch | None, record: Recorded, event: Gathered) -> Batch:
    row = row or Batch(
        batch=subject(record.stream), version=0, connector=event.connector,
        currency=event.money.currency, number=event.number, stage="gathered", payments=0,
        amount=Decimal(0), cut_off=event.cut_off, on=event.on, files=(), gathered_at=event.at,
        gathered_by=event.by,
    )  # fmt: skip
    file = File(event.part, len(event.payouts), event.money.amount, event.digest)
    return replace(
        row, version=record.version, files=(*row.files, file),
        payments=row.payments + file.payments, amount=row.amount + file.amount,
    )  # fmt: skip


PROJECTION: Projection[Batch] = Projection(
    name="batches",
    version=1,
    table=table,
    row=Batch,
    group="batch",
    events=frozenset({Gathered, Signed, Dissolved}),
    groups=groups,
    fold=fold,
    starts=lambda record: isinstance(record.event, Gathered) and record.version == 1,
)


def latest(conn: sa.Connection, *, limit: int) -> list[Batch]:
    """The batches that wait for a signature first, then the others, newest first."""
    query = (
        sa.select(table)
        .order_by(_c.stage.in_(WAITING).desc(), _c.gathered_at.desc(), _c.batch)
        .limit(limit)
    )
    return [_row(row) for row in conn.execute(query)]


def one(conn: sa.Connection, batch: str) -> Batch | None:
    row = conn.execute(sa.select(table).where(_c.batch == batch)).first()
    return _row(row) if row else None


def next_number(conn: sa.Connection, *, connector: str, currency: str) -> int:
    """The number of the next batch; to be asked before what is to be in it."""
    query = sa.select(sa.func.coalesce(sa.func.max(_c.number), 0) + 1).where(
        _c.connector == connector, _c.currency == currency
    )
    return int(conn.execute(query).scalar_one())


def _row(row: sa.Row[tuple[object, ...]]) -> Batch:
    return msgspec.convert({str(name): value for name, value in row._mapping.items()}, Batch)
