-- Wrong tries, by (account, network) or by (person, session): whoever tries on has to wait longer and longer. The key is
-- an HMAC, so that this table lists neither addresses nor networks.

create table throttle (
    key bytea primary key check (octet_length(key) = 32),
    failures integer not null check (failures >= 1),
    last_at timestamptz not null
);

create index throttle_by_age on throttle (last_at);
