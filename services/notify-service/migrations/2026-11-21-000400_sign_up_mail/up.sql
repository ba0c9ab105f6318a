-- Who signs up gets a mail at an address that nobody has an account for, or the hint that somebody has.
ALTER TABLE account_mail
    DROP CONSTRAINT account_mail_kind_check,
    ADD CONSTRAINT account_mail_kind_check CHECK (kind IN ('password_reset', 'address_verification', 'security_notice', 'sign_up', 'account_exists'));
