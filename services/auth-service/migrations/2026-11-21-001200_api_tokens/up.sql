-- API tokens. Each is a session of its own kind, so that what ends a session or makes its access tokens too old does
-- the same to a token: removal, another role, the feed of revocations. Only the token's SHA-256 is kept.

alter table session
    add column kind text not null default 'person' check (kind in ('person', 'token')),
    drop constraint session_end_reason_check,
    add constraint session_end_reason_check
        check (end_reason in ('signed_out', 'ended', 'reused', 'removed', 'password', 'revoked'));

create table api_token (
    id uuid primary key references session on delete cascade,
    token_hash bytea not null unique check (octet_length(token_hash) = 32),
    name text not null check (char_length(name) between 1 and 100),
    scopes text not null check (scopes <> ''),
    -- The token's last characters, by which its owner knows it again.
    hint text not null check (char_length(hint) between 1 and 8),
    last_used_at timestamptz
);
