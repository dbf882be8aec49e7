"""How agents work: what each may take, how they like the queue, drafts, who looks at what."""

from alembic import op

revision = "0006"
down_revision = "0005"

WORKBENCH = """
-- What "next" may give somebody; nothing named means anything.
alter table desk.users
    add categories text[] not null default '{}',
    add languages text[] not null default '{}',
    add capacity integer check (capacity > 0);

-- How somebody likes the queue to look.
create table desk.queue_looks (
    user_id text primary key references desk.users on delete cascade,
    columns text[] not null,
    density text not null check (density in ('dense', 'airy'))
);

-- A question to the queue that has a name: asked is what stands in its address.
create table desk.saved_views (
    id text collate "C" primary key,
    owner text not null references desk.users on delete cascade,
    name text not null,
    asked text not null,
    shared boolean not null,
    made_at timestamptz not null
);
create index saved_views_owner on desk.saved_views (owner);
create table desk.pinned_views (
    user_id text not null references desk.users on delete cascade,
    view text collate "C" not null references desk.saved_views on delete cascade,
    primary key (user_id, view)
);

-- What somebody has begun to write. The words are a paper under the complainant's key.
create table desk.drafts (
    complaint text collate "C" not null,
    user_id text not null references desk.users on delete cascade,
    act text not null,
    paper text collate "C" not null,
    saved_at timestamptz not null,
    primary key (complaint, user_id, act)
);

-- Who has a complaint open. Nobody misses these rows after a crash.
create unlogged table desk.presence (
    complaint text collate "C" not null,
    user_id text not null,
    typing boolean not null,
    until timestamptz not null,
    primary key (complaint, user_id)
);
"""


def upgrade() -> None:
    op.execute(WORKBENCH)
