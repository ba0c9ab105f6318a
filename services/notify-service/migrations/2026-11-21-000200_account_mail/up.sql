-- A delivery may carry a mail about somebody's account. Like an invitation it has no recipient among the members.
ALTER TABLE delivery
    DROP CONSTRAINT delivery_purpose_check,
    ADD CONSTRAINT delivery_purpose_check CHECK (purpose IN ('change', 'invitation', 'account'));

-- What such a mail says. Its link is not here: it is fetched at the moment of sending.
CREATE TABLE account_mail (
    -- The id of the event that asked for it: an event makes one delivery however often it comes.
    delivery_id uuid PRIMARY KEY REFERENCES delivery (id) ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('password_reset', 'address_verification', 'security_notice')),
    -- By which the link is fetched; a security notice has none.
    link_id uuid,
    -- What a security notice tells of; also a word of a later version.
    notice text,
    email text NOT NULL,
    language text NOT NULL,
    name text NOT NULL,
    -- These three belong to a security notice. Device and place are absent when unknown.
    time_zone text,
    device text,
    place text,
    -- When it was asked for, which for a security notice is when it happened.
    occurred_at timestamptz NOT NULL,
    CHECK ((kind = 'security_notice') = (link_id IS NULL)),
    CHECK ((kind = 'security_notice') = (notice IS NOT NULL AND time_zone IS NOT NULL))
);
