alter table session drop column issuer_session, drop column issuer;
drop table external_identity;
