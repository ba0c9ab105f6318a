-- RSA keys that sign access tokens. The private half is sealed with AES-256-GCM under a key derived from the setting
-- auth.secret, bound to its kid.

create table signing_key (
    kid text primary key check (char_length(kid) between 16 and 64),
    modulus bytea not null,
    exponent bytea not null,
    sealed_private bytea not null,
    created_at timestamptz not null,
    retired_at timestamptz
);
