drop index membership_of_person, sign_in_ticket_by_person, address_note_by_email, invitation_by_inviter,
    invitation_by_email, event_log_security, event_log_mail;
alter table person drop column erased_at;
