-- A person who was erased keeps a row with a pseudonym, because memberships, invitations and records name its id.
alter table person add column erased_at timestamptz;

-- By which the events are found that speak of a person without naming their id. By patterns, because those cannot fail
-- whatever the particulars hold; an address has no quotes.
create index event_log_mail on event_log (substring(particulars from '"email":"([^"]*)"'))
    where type = 'mail.requested';
create index event_log_security on event_log
    (substring(particulars from '"account":\{"after":\{"value":"([0-9a-f-]{36})"'), id)
    where type = 'security.logged';

-- Invitations to an address, and those that somebody made.
create index invitation_by_email on invitation (email);
create index invitation_by_inviter on invitation (invited_by, id);
create index address_note_by_email on address_note (email);
create index sign_in_ticket_by_person on sign_in_ticket (person_id);
create index membership_of_person on membership (person_id);
