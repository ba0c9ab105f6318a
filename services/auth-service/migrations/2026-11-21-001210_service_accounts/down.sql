drop table service_account;
alter table person drop column kind;
