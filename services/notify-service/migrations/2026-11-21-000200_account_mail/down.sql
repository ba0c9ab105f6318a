-- The earlier version knows neither these deliveries nor their mails, and would take the former for invitations.
DELETE FROM mail WHERE purpose = 'account';
DELETE FROM delivery WHERE purpose = 'account';
DROP TABLE account_mail;
ALTER TABLE delivery
    DROP CONSTRAINT delivery_purpose_check,
    ADD CONSTRAINT delivery_purpose_check CHECK (purpose IN ('change', 'invitation'));
