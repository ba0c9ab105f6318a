DELETE FROM delivery WHERE id IN (SELECT delivery_id FROM account_mail WHERE kind IN ('sign_up', 'account_exists'));
ALTER TABLE account_mail
    DROP CONSTRAINT account_mail_kind_check,
    ADD CONSTRAINT account_mail_kind_check CHECK (kind IN ('password_reset', 'address_verification', 'security_notice'));
