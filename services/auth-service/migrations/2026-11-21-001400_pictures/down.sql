drop table picture;
alter table person drop column picture;
