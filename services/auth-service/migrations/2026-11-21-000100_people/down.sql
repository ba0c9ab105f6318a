drop table membership;
drop table workspace;
drop table password_credential;
drop table person;
