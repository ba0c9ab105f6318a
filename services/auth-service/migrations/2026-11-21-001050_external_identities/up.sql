-- Who signs in by an identity provider (OpenID Connect). The issuer and not the provider's name in the settings is part
-- of the key: a name that is pointed elsewhere must not let strangers in.

create table external_identity (
    id uuid primary key,
    person_id uuid not null references person,
    issuer text not null check (char_length(issuer) between 1 and 512),
    subject text not null check (char_length(subject) between 1 and 255),
    email text check (char_length(email) between 3 and 254),
    name text check (char_length(name) between 1 and 100),
    picture text check (char_length(picture) between 1 and 512),
    linked_at timestamptz not null,
    last_used_at timestamptz,
    unique (issuer, subject)
);

create index external_identity_by_person on external_identity (person_id, linked_at);

-- Which of the provider's sessions a session came from, so that the end of the one can be told to the other.
alter table session
    add column issuer text check (char_length(issuer) between 1 and 512),
    add column issuer_session text check (char_length(issuer_session) between 1 and 255);

create index session_by_issuer on session (issuer, issuer_session)
    where issuer_session is not null and ended_at is null;
