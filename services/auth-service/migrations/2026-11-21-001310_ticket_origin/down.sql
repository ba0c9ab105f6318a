alter table sign_in_ticket
    drop column issuer,
    drop column issuer_session;
