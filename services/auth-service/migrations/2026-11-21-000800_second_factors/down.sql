drop table sign_in_ticket;
drop table recovery_code;
drop table totp;
