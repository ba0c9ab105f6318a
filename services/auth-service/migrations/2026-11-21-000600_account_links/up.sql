-- Links that a person gets by mail: to choose a new password, to show that the address is theirs. The token is derived
-- from id, nonce and the server's secret, so that a copy of this table opens no door.

alter table person add column email_verified_at timestamptz;

create table account_link (
    id uuid primary key,
    purpose text not null check (purpose in ('reset', 'verify')),
    person_id uuid not null references person,
    nonce bytea not null check (octet_length(nonce) = 16),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);

create index account_link_by_person on account_link (person_id, purpose) where used_at is null;
create index account_link_by_expiry on account_link (expires_at);

-- What was done at an address by somebody who is not signed in: a new password asked for, a sign-in refused. A row is
-- written for every address, whether it has an account or not, and settled afterwards: so neither the answer nor its
-- time tells which.
create table address_note (
    id uuid primary key,
    kind text not null check (kind in ('reset', 'refused')),
    email text not null check (char_length(email) between 3 and 254),
    device text not null check (char_length(device) <= 80),
    place text not null check (char_length(place) <= 64),
    made_at timestamptz not null
);
