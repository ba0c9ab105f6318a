delete from address_note where kind = 'sign_up';
alter table address_note
    drop column language,
    drop constraint address_note_kind_check,
    add constraint address_note_kind_check check (kind in ('reset', 'refused'));

delete from account_link where purpose = 'sign-up';
drop index account_link_by_email;
alter table account_link
    drop constraint account_link_sign_up,
    drop constraint account_link_of_one,
    drop column email,
    drop constraint account_link_purpose_check,
    add constraint account_link_purpose_check check (purpose in ('reset', 'verify')),
    alter column person_id set not null;
