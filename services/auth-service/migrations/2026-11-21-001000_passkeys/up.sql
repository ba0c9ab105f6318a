-- Passkeys (WebAuthn), and the ceremonies that are over.

create table passkey (
    id uuid primary key,
    person_id uuid not null references person,
    credential_id bytea not null unique check (octet_length(credential_id) between 1 and 1023),
    -- The public key, its counter and its flags, as the library writes them that checks answers against them.
    credential jsonb not null,
    name text not null check (char_length(name) between 1 and 100),
    created_at timestamptz not null,
    last_used_at timestamptz
);

create index passkey_by_person on passkey (person_id, created_at);

-- What a ceremony is about travels sealed with the client, so beginning one writes nothing. That it was completed is
-- kept until it would have expired: each works once.
create table used_ceremony (
    id uuid primary key,
    expires_at timestamptz not null
);

create index used_ceremony_by_expiry on used_ceremony (expires_at);
