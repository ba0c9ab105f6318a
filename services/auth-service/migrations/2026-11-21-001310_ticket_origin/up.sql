-- A session that a second factor opens ends with the provider's session too, if it was a provider who vouched first.
alter table sign_in_ticket
    add column issuer text check (char_length(issuer) between 1 and 512),
    add column issuer_session text check (char_length(issuer_session) between 1 and 255);
