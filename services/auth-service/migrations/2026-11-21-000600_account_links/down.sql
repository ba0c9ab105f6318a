drop table reset_request;
drop table account_link;
alter table person drop column email_verified_at;
