"""Finding what somebody has approved, by person and by complaint, in the log itself."""

from alembic import op

revision = "0007"
down_revision = "0006"

APPROVALS = """
-- A field of an event: what is stored is UTF-8 whatever the database's settings.
create function desk.said(state bytea, field text) returns text
language sql immutable parallel safe as $$ select convert_from(state, 'UTF8')::json ->> field $$;

create index events_approved_by on desk.events (desk.said(state, 'by'), recorded_at)
where split_part(topic, '@', 1) = 'payout.approved';
create index events_approved_for on desk.events (desk.said(state, 'complaint'))
where split_part(topic, '@', 1) = 'payout.approved';
"""


def upgrade() -> None:
    op.execute(APPROVALS)
