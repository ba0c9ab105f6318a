-- Somebody who was erased: their row is a pseudonym, and what comes late of them is given it too.
ALTER TABLE person ADD COLUMN erased boolean NOT NULL DEFAULT false;

-- Events that asked for a mail of which nobody may keep a copy any more; also those that are still to come.
CREATE TABLE forgotten_mail (
    event_id uuid PRIMARY KEY,
    forgotten_at timestamptz NOT NULL DEFAULT now()
);

-- What names somebody, and what was for them.
CREATE INDEX notification_by_actor ON notification (workspace_id, actor_id);
CREATE INDEX delivery_of_recipient ON delivery (workspace_id, recipient_id) WHERE recipient_id IS NOT NULL;
CREATE INDEX mail_of_recipient ON mail (workspace_id, recipient_id, id) WHERE recipient_id IS NOT NULL;
