"""What a backup had seen, so that the next one takes only what is new; and who looked at what."""

from alembic import op

revision = "0009"
down_revision = "0008"

BACKUPS = """
-- The transaction that stored a paper; null for those that are older than this column.
alter table desk.papers add column tx xid8;
alter table desk.papers alter column tx set default pg_current_xact_id();

create table desk.backups (
    backup text collate "C" primary key,
    made_at timestamptz not null,
    position bigint not null,
    rows bigint not null,
    size bigint not null
);
"""

READINGS = """
-- Who looked at what, to the minute. Of a list that was taken away, `what` names the page.
create table desk.readings (
    at timestamptz not null,
    by text collate "C" not null,
    kind text collate "C" not null,
    complaint text collate "C" not null default '',
    what text collate "C" not null default '',
    primary key (at, by, kind, complaint, what)
);
create index readings_complaint on desk.readings (complaint, at) where complaint <> '';
create index readings_by on desk.readings (by, at);
"""


def upgrade() -> None:
    for script in (BACKUPS, READINGS):
        op.execute(script)
