"""The tree over the log, and the list of every head that was signed."""

from alembic import op

revision = "0005"
down_revision = "0002"

SEAL = """
-- 256 neighbouring hashes a row, those of complete subtrees of 256 ^ level leaves. They are kept
-- for good, and not worked out anew from a log that may have been changed.
create table desk.seal_tiles (
    level integer not null,
    index bigint not null,
    hashes bytea not null,
    primary key (level, index)
);
alter table desk.seal_tiles alter column hashes set storage external;

create table desk.seal_heads (
    size bigint primary key,
    root bytea not null,
    signed_at timestamptz not null,
    key bytea not null,
    note text not null,
    handed_at timestamptz
);
create index seal_heads_to_hand on desk.seal_heads (size) where handed_at is null;
"""


def upgrade() -> None:
    op.execute(SEAL)
