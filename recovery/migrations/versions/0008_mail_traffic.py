"""What mail is about, so that programs that answer each other are noticed."""

from alembic import op

revision = "0008"
down_revision = "0007"

TRAFFIC = """
alter table desk.mail
    -- keyed digest of the subject: the same for messages with one subject
    add column about text collate "C" not null default '',
    -- what there was too much of, where mail was kept from answering mail
    add column cut text not null default '';
create index mail_about on desk.mail (about, received_at) where about <> '';
create index mail_reference on desk.mail (reference, received_at) where reference <> '';
create index mail_received on desk.mail (received_at);
"""


def upgrade() -> None:
    op.execute(TRAFFIC)
