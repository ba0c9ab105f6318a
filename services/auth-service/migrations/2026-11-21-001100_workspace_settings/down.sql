alter table workspace
    drop column require_second_factor,
    drop column version,
    drop column deleted_at;
