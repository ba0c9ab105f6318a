DROP FUNCTION forget(uuid, uuid);
DROP TABLE erased_person;
DROP INDEX entry_by_account;
ALTER TABLE entry DROP COLUMN account_id;
