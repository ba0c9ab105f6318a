-- Invitations to a workspace. The token in the link is derived from id, nonce and the server's secret, so that a copy
-- of this table opens no door.

create table invitation (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    email text not null check (email = lower(email) and char_length(email) between 3 and 254),
    role text not null check (role in ('admin', 'supervisor', 'pic', 'observer')),
    language text not null check (language in ('ko', 'en')),
    invited_by uuid not null references person,
    nonce bytea not null check (octet_length(nonce) = 16),
    version bigint not null check (version >= 1),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    withdrawn_at timestamptz,
    accepted_at timestamptz,
    accepted_by uuid references person,
    check ((accepted_at is null) = (accepted_by is null)),
    check (accepted_at is null or withdrawn_at is null)
);

-- One open invitation per address and workspace.
create unique index invitation_open on invitation (workspace_id, email)
    where accepted_at is null and withdrawn_at is null;
create index invitation_by_age on invitation (workspace_id, created_at, id)
    where accepted_at is null and withdrawn_at is null;
