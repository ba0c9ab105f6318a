drop table used_ceremony;
drop table passkey;
