-- Service accounts: members that are no people. They have neither a password nor an address that mail could reach, and
-- act only by their API tokens.

alter table person add column kind text not null default 'person' check (kind in ('person', 'service'));

create table service_account (
    person_id uuid primary key references person,
    workspace_id uuid not null references workspace,
    created_at timestamptz not null
);

create index service_account_by_age on service_account (workspace_id, created_at, person_id);
