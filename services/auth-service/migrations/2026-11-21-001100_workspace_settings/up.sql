-- What an admin settles for the whole workspace. A deleted one keeps its row, because former memberships point at it.
alter table workspace
    add column require_second_factor boolean not null default false,
    add column version bigint not null default 1 check (version >= 1),
    add column deleted_at timestamptz;
