"""Which payouts a complaint has, found in the log itself."""

from alembic import op

revision = "0014"
down_revision = "0013"

DUE = """
create index events_due_to on desk.events (desk.said(state, 'complaint'))
where split_part(topic, '@', 1) = 'payout.due';
"""


def upgrade() -> None:
    op.execute(DUE)
