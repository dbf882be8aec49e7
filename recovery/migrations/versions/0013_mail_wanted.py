"""Which mail a colleague does not want."""

from alembic import op

revision = "0013"
down_revision = "0012"

UNWANTED = """
create table desk.mail_unwanted (
    user_id text collate "C",
    kind text collate "C",
    primary key (user_id, kind)
);
"""


def upgrade() -> None:
    op.execute(UNWANTED)
