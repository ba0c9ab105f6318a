drop table address_note;
drop table account_link;
alter table person drop column email_verified_at;
