-- A session is one sign-in on one device, in one workspace. Its refresh tokens form a chain: each is replaced when
-- it is used. Only their SHA-256 is kept.

create table session (
    id uuid primary key,
    workspace_id uuid not null,
    person_id uuid not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz,
    end_reason text check (end_reason in ('signed_out', 'reused', 'removed')),
    foreign key (workspace_id, person_id) references membership,
    check ((ended_at is null) = (end_reason is null))
);

create index session_by_member on session (workspace_id, person_id) where ended_at is null;
create index session_by_person on session (person_id, created_at desc);
create index session_by_expiry on session (expires_at);

create table refresh_token (
    token_hash bytea primary key check (octet_length(token_hash) = 32),
    session_id uuid not null references session on delete cascade,
    issued_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);

create index refresh_token_by_session on refresh_token (session_id);
create index refresh_token_by_expiry on refresh_token (expires_at);
