drop table api_token;

delete from session where kind = 'token';

alter table session
    drop constraint session_end_reason_check,
    add constraint session_end_reason_check
        check (end_reason in ('signed_out', 'ended', 'reused', 'removed', 'password')),
    drop column kind;
