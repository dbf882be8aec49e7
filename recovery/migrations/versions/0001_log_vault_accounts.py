"""The log and its append function, the vault, accounts, leases."""

from alembic import op

revision = "0001"
down_revision = None

LOG = """
create table desk.events (
    notification_id bigint primary key,
    originator_id text collate "C" not null,
    originator_version integer not null,
    topic text not null,
    state bytea not null,
    recorded_at timestamptz not null,
    constraint events_stream_version unique (originator_id, originator_version)
);

-- One row for each command that was carried out: a command id is used once.
create table desk.commands (
    command text collate "C" primary key,
    stream text collate "C" not null,
    version integer not null,
    position bigint not null,
    digest bytea
);

create table desk.vault_keys (
    owner text collate "C" primary key,
    wrapped bytea not null,
    created_at timestamptz not null default clock_timestamp()
);

create table desk.papers (
    paper text collate "C" primary key,
    owner text collate "C" not null,
    sealed bytea not null
);
create index papers_owner on desk.papers (owner);
alter table desk.papers alter column sealed set storage external;
"""

# The lock makes commit order equal position order: positions are given out only by the one
# transaction that holds it, and it is given back after that transaction is visible. Papers go
# first, so that the lock is not held for them.
APPEND = """
create function desk.append(
    streams text[], versions integer[], topics text[], states bytea[],
    command_id text, command_digest bytea,
    key_owners text[], keys bytea[],
    paper_ids text[], paper_owners text[], sealed_papers bytea[]
) returns table (head bigint, stamp timestamptz) language plpgsql as $$
declare
    base bigint;
begin
    if cardinality(keys) > 0 then
        insert into desk.vault_keys (owner, wrapped) select * from unnest(key_owners, keys);
    end if;
    if cardinality(paper_ids) > 0 then
        -- Forgetting deletes the key, and waits for whoever is sealing under it. A paper sealed
        -- under a key that has gone could be neither read nor forgotten.
        perform from desk.vault_keys where owner = any(paper_owners) for key share;
        if not found then
            raise foreign_key_violation using constraint = 'papers_owner';
        end if;
        insert into desk.papers (paper, owner, sealed)
        select * from unnest(paper_ids, paper_owners, sealed_papers);
    end if;
    perform pg_advisory_xact_lock(1592524801);
    stamp := clock_timestamp();
    select coalesce(max(notification_id), 0) into base from desk.events;
    head := base + cardinality(streams);
    insert into desk.events
    select base + e.ordinality, e.stream, e.version, e.topic, e.state, stamp
    from unnest(streams, versions, topics, states)
        with ordinality as e (stream, version, topic, state, ordinality);
    if command_id is not null then
        insert into desk.commands (command, stream, version, position, digest)
        values (command_id, streams[cardinality(streams)], versions[cardinality(versions)], head,
                command_digest);
    end if;
    perform pg_notify('recovery_events', head::text);
    return next;
end
$$;
"""

EDGES = """
create table desk.users (
    id text primary key,
    email text not null,
    name text not null,
    role text not null check (role in ('agent', 'supervisor', 'administrator')),
    language text not null default 'en',
    time_zone text not null default '',
    password_hash text not null,
    active boolean not null default true,
    created_at timestamptz not null default clock_timestamp()
);
create unique index users_email on desk.users (lower(email));

create table desk.sessions (
    token_hash bytea primary key,
    user_id text not null references desk.users (id),
    csrf text not null,
    created_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz not null
);
create index sessions_user on desk.sessions (user_id);

create table desk.tokens (
    token_hash bytea primary key,
    name text not null unique,
    user_id text not null references desk.users (id),
    scopes text[] not null,
    created_at timestamptz not null default clock_timestamp(),
    revoked_at timestamptz
);

create table desk.sign_in_failures (
    email text not null,
    at timestamptz not null default clock_timestamp()
);
create index sign_in_failures_email on desk.sign_in_failures (email, at);

-- Work that somebody is doing now: a worker holds a lease until it is done or `until` passes.
create table desk.leases (
    task text primary key,
    holder text not null,
    until timestamptz not null
);
"""


def upgrade() -> None:
    for script in (LOG, APPEND, EDGES):
        op.execute(script)
