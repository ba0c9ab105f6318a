-- What people look like. The version, a digest of the bytes, stands with the person, since every list of members tells
-- it; the bytes stand apart, since hardly anything reads them.

alter table person add column picture text check (char_length(picture) = 32);

create table picture (
    person_id uuid primary key references person,
    -- By the person: then no provider's picture takes its place. Without bytes they want none.
    chosen boolean not null,
    media_type text check (media_type in ('image/png', 'image/jpeg', 'image/webp')),
    bytes bytea check (octet_length(bytes) between 1 and 262144),
    check ((bytes is null) = (media_type is null)),
    -- Where a provider says that the picture is.
    issuer text check (char_length(issuer) between 1 and 512),
    url text check (char_length(url) between 1 and 512),
    -- When it is fetched next; null where nobody waits for it.
    due_at timestamptz,
    tries integer not null default 0,
    fetched_at timestamptz
);

create index picture_due on picture (due_at) where due_at is not null;
