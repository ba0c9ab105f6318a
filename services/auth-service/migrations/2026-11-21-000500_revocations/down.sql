drop table revocation_head;
drop table revocation;

update session set end_reason = 'signed_out' where end_reason in ('ended', 'password');

alter table session
    drop constraint session_end_reason_check,
    add constraint session_end_reason_check check (end_reason in ('signed_out', 'reused', 'removed')),
    drop column proved_at,
    drop column last_used_at,
    drop column place,
    drop column device;
