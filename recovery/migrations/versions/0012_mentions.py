"""Which notes that call somebody they have put aside as seen."""

from alembic import op

revision = "0012"
down_revision = "0011"

MENTIONS = """
create table desk.mentions_seen (
    user_id text collate "C",
    complaint text collate "C",
    version integer not null,
    primary key (user_id, complaint)
);
"""


def upgrade() -> None:
    op.execute(MENTIONS)
