-- People, the workspaces they work in, and their membership of them.

create table person (
    id uuid primary key,
    email text not null unique check (email = lower(email) and char_length(email) between 3 and 254),
    name text not null check (char_length(name) between 1 and 100),
    language text not null check (language in ('ko', 'en')),
    time_zone text not null check (char_length(time_zone) between 1 and 64),
    created_at timestamptz not null
);

-- Apart from the person, because a password is only one of the ways to sign in.
create table password_credential (
    person_id uuid primary key references person,
    hash text not null,
    changed_at timestamptz not null
);

create table workspace (
    id uuid primary key,
    name text not null check (char_length(name) between 1 and 100),
    created_at timestamptz not null
);

-- A row stays when the member goes: its version numbers the events of the stream person/<workspace>/<person>,
-- and its epoch tells which tokens are too old, whether the person comes back or not.
create table membership (
    workspace_id uuid not null references workspace,
    person_id uuid not null references person,
    role text not null check (role in ('admin', 'supervisor', 'pic', 'observer')),
    version bigint not null check (version >= 1),
    epoch bigint not null check (epoch >= 1),
    joined_at timestamptz not null,
    removed_at timestamptz,
    primary key (workspace_id, person_id)
);

create index membership_by_person on membership (person_id) where removed_at is null;
create index membership_by_joining on membership (workspace_id, joined_at, person_id) where removed_at is null;
