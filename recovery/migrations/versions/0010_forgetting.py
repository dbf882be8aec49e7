"""Whose is what, and who was forgotten: found in the log itself; and when files were scrubbed."""

from alembic import op

revision = "0010"
down_revision = "0009"

FORGETTING = """
create index events_received_of on desk.events (desk.said(state, 'complainant'))
where split_part(topic, '@', 1) = 'complaint.received';

-- What decides on forgetting: few events, looked for among millions.
create index events_on_keeping on desk.events (split_part(topic, '@', 1), notification_id)
where split_part(topic, '@', 1)
in ('complainant.forgotten', 'hold.hold_placed', 'hold.hold_ended', 'retention.retention_adopted');

-- Up to which position of the log what was forgotten has left the files too.
create table desk.scrubs (
    position bigint primary key,
    at timestamptz not null default clock_timestamp(),
    took interval not null
);
"""


def upgrade() -> None:
    op.execute(FORGETTING)
