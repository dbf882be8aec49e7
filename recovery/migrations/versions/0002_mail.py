"""Mail that came in, from the moment it is stored until it is on a case or put aside."""

from alembic import op

revision = "0002"
down_revision = "0001"

MAIL = """
create table desk.mail (
    mail text collate "C" primary key,  -- keyed digest of the bytes: says nothing without the key
    paper text collate "C" not null,
    channel text not null,
    size integer not null,
    received_at timestamptz not null,
    state text not null check (state in ('new', 'waiting', 'done', 'discarded')),
    attempts integer not null default 0,
    retry_at timestamptz not null,
    reason text not null default '',
    outcome text not null default '',
    reference text collate "C" not null default '',
    sender text collate "C" not null default '',  -- who the sender's address would be
    twin text collate "C" not null default '',  -- the same for copies that came another way
    by text not null default '',
    settled_at timestamptz
);
create index mail_new on desk.mail (retry_at) where state = 'new';
create index mail_waiting on desk.mail (received_at, mail) where state in ('new', 'waiting');
create index mail_sender on desk.mail (sender, received_at) where sender <> '';
-- Of copies that came by different ways, one becomes something.
create unique index mail_twin on desk.mail (twin)
where twin <> '' and outcome <> '' and outcome <> 'duplicate';

-- How far a mailbox that is fetched from was read.
create table desk.mailboxes (
    mailbox text primary key,
    validity bigint not null,
    uid bigint not null
);
"""


def upgrade() -> None:
    op.execute(MAIL)
