-- Second factors: an authenticator app (RFC 6238) and recovery codes.

-- The secret is sealed like a signing key. It counts from the moment when its first code was confirmed.
create table totp (
    person_id uuid primary key references person,
    sealed_secret bytea not null,
    created_at timestamptz not null,
    confirmed_at timestamptz,
    -- The time step of the last code that was accepted: each works once.
    last_step bigint not null default 0
);

create table recovery_code (
    person_id uuid not null references person,
    code_hash bytea not null check (octet_length(code_hash) = 32),
    used_at timestamptz,
    primary key (person_id, code_hash)
);

-- A sign-in whose password was right and whose second factor is awaited. Only the ticket's SHA-256 is kept.
create table sign_in_ticket (
    ticket_hash bytea primary key check (octet_length(ticket_hash) = 32),
    person_id uuid not null references person,
    tries integer not null default 0,
    expires_at timestamptz not null
);

create index sign_in_ticket_by_expiry on sign_in_ticket (expires_at);
