-- Signing up by a mailed link: a link may belong to an address that nobody has an account for yet. Once it is used it
-- is the new person's, and the address stands in their row alone.
alter table account_link
    alter column person_id drop not null,
    add column email text check (char_length(email) between 3 and 254),
    add constraint account_link_of_one check ((person_id is null) = (email is not null)),
    drop constraint account_link_purpose_check,
    add constraint account_link_purpose_check check (purpose in ('reset', 'verify', 'sign-up')),
    add constraint account_link_sign_up check (purpose = 'sign-up' or person_id is not null);

create index account_link_by_email on account_link (email) where email is not null;

-- Which language somebody reads of whom nothing else is known.
alter table address_note
    add column language text not null default 'en' check (language in ('en', 'ko')),
    drop constraint address_note_kind_check,
    add constraint address_note_kind_check check (kind in ('reset', 'refused', 'sign_up'));
