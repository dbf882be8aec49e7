"""Complaints that somebody without an account has begun and not sent."""

from alembic import op

revision = "0011"
down_revision = "0010"

UNSENT = """
-- Sealed with a key that only the address they were given leads to.
create table desk.unsent (
    place text collate "C" primary key,
    sealed bytea not null,
    until timestamptz not null
);
create index unsent_until on desk.unsent (until);
"""


def upgrade() -> None:
    op.execute(UNSENT)
