-- What a person sees of their sessions, and the feed by which other services learn that tokens ended before their time.

alter table session
    add column device text not null default '' check (char_length(device) <= 80),
    add column place text not null default '' check (char_length(place) <= 64),
    add column last_used_at timestamptz not null default now(),
    -- When the person last proved who they are: dangerous acts want this to be fresh.
    add column proved_at timestamptz not null default now(),
    drop constraint session_end_reason_check,
    add constraint session_end_reason_check check (end_reason in ('signed_out', 'ended', 'reused', 'removed', 'password'));

-- Tokens of the session with a smaller epoch are refused. A row is stamped with its position after it is committed, in
-- the order of stamping: whoever read up to a position has missed nothing before it.
create table revocation (
    id bigint generated always as identity primary key,
    session_id uuid not null,
    minimum_epoch bigint not null,
    made_at timestamptz not null,
    position bigint unique
);

create index revocation_unstamped on revocation (id) where position is null;
create index revocation_by_age on revocation (made_at);

-- The last position that was given out, in its only row. Stamping locks it.
create table revocation_head (
    singleton boolean primary key default true check (singleton),
    position bigint not null
);

insert into revocation_head (position) values (0);
