"""What the SLA report said of a long history, found before anybody asks."""

from alembic import op

revision = "0015"
down_revision = "0014"

REPORTS = """
create table desk.reports_ahead (
    divided_by text collate "C" primary key,
    as_of timestamptz not null,
    took interval not null,
    report bytea not null
);
"""


def upgrade() -> None:
    op.execute(REPORTS)
