-- A small copy of the people of each workspace, fed by user.changed.
CREATE TABLE person (
    workspace_id uuid NOT NULL,
    person_id uuid NOT NULL,
    name text NOT NULL,
    -- Empty once the person has left: nobody may write to them any more.
    email text NOT NULL,
    language text NOT NULL,
    time_zone text NOT NULL,
    role text NOT NULL,
    epoch bigint NOT NULL,
    removed boolean NOT NULL,
    -- The version of the person's stream that this row shows.
    version bigint NOT NULL,
    PRIMARY KEY (workspace_id, person_id)
);

-- Which mails a person wants; no row means the default.
CREATE TABLE preference (
    workspace_id uuid NOT NULL,
    person_id uuid NOT NULL,
    mail text NOT NULL CHECK (mail IN ('all', 'mine', 'none')),
    version bigint NOT NULL,
    PRIMARY KEY (workspace_id, person_id)
);

-- The inbox: one row per event and recipient.
CREATE TABLE notification (
    id uuid PRIMARY KEY,
    event_id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    recipient_id uuid NOT NULL,
    kind text NOT NULL,
    reason text NOT NULL,
    task_id uuid NOT NULL,
    board_id uuid,
    board_name text,
    title text NOT NULL,
    actor_id uuid,
    actor_name text,
    -- [{"name", "before", "after"}], long texts cut to an excerpt.
    fields jsonb NOT NULL,
    occurred_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    read_at timestamptz,
    UNIQUE (event_id, recipient_id)
);
CREATE INDEX notification_inbox ON notification (workspace_id, recipient_id, id DESC);
CREATE INDEX notification_unread ON notification (workspace_id, recipient_id, id DESC) WHERE read_at IS NULL;

-- One mail on its way. The row is claimed in a short transaction, sent outside any, and settled in a third.
CREATE TABLE delivery (
    id uuid PRIMARY KEY,
    purpose text NOT NULL CHECK (purpose IN ('change', 'invitation')),
    channel text NOT NULL DEFAULT 'mail' CHECK (channel IN ('mail')),
    workspace_id uuid NOT NULL,
    -- Both are set for change mail and absent for an invitation.
    recipient_id uuid,
    task_id uuid,
    state text NOT NULL DEFAULT 'pending'
        CHECK (state IN ('pending', 'sending', 'sent', 'failed', 'unknown')),
    -- The mail channel of the latest try: ses, smtp or mailbox.
    via text,
    -- Counts the tries; with it a late answer finds out that it is not wanted any more.
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL,
    leased_until timestamptz,
    reason text,
    message_id text,
    created_at timestamptz NOT NULL DEFAULT now(),
    settled_at timestamptz,
    CHECK ((state = 'sending') = (leased_until IS NOT NULL)),
    CHECK ((purpose = 'change') = (recipient_id IS NOT NULL AND task_id IS NOT NULL)),
    UNIQUE (id, channel)
);
CREATE INDEX delivery_due ON delivery (due_at) WHERE state = 'pending';
CREATE INDEX delivery_leased ON delivery (leased_until) WHERE state = 'sending';
CREATE INDEX delivery_gathering ON delivery (workspace_id, recipient_id, task_id) WHERE state = 'pending';

-- What a delivery carries. A notification goes out once per channel.
CREATE TABLE carried (
    notification_id uuid NOT NULL REFERENCES notification (id) ON DELETE CASCADE,
    channel text NOT NULL,
    delivery_id uuid NOT NULL,
    PRIMARY KEY (notification_id, channel),
    FOREIGN KEY (delivery_id, channel) REFERENCES delivery (id, channel) ON DELETE CASCADE
);
CREATE INDEX carried_by_delivery ON carried (delivery_id);

-- What an invitation's mail says. Its link is not here: it is fetched at the moment of sending.
CREATE TABLE invitation_mail (
    -- The id of the event that asked for it: an event makes one delivery however often it comes.
    delivery_id uuid PRIMARY KEY REFERENCES delivery (id) ON DELETE CASCADE,
    invitation_id uuid NOT NULL,
    email text NOT NULL,
    language text NOT NULL,
    workspace_name text NOT NULL,
    invited_by text NOT NULL
);

-- The channel "mailbox": mails are kept here instead of being sent.
CREATE TABLE mail (
    -- The delivery's id, so that a repeated try changes nothing.
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL,
    purpose text NOT NULL,
    recipient_id uuid,
    address text NOT NULL,
    subject text NOT NULL,
    body_text text NOT NULL,
    body_html text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX mail_of_workspace ON mail (workspace_id, id DESC);
