DROP INDEX mail_of_recipient, delivery_of_recipient, notification_by_actor;
DROP TABLE forgotten_mail;
ALTER TABLE person DROP COLUMN erased;
