-- The log. One row per change, in the order in which this service learned of it.
-- `index` starts at 0 and has no holes: it is the leaf number of the Merkle tree that a later release builds.
CREATE TABLE entry (
    index        bigint      PRIMARY KEY CHECK (index >= 0),
    event_id     uuid        NOT NULL,
    workspace_id uuid        NOT NULL,
    board_id     uuid,
    stream       text        NOT NULL,
    version      bigint      NOT NULL CHECK (version >= 1),
    source       text        NOT NULL,
    type         text        NOT NULL,
    kind         text        NOT NULL,
    actor_id     uuid,
    occurred_at  timestamptz NOT NULL,
    -- The bytes as they were published. The columns above are copies, kept for searching.
    record       bytea       NOT NULL,
    appended_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT entry_event UNIQUE (event_id),
    CONSTRAINT entry_version UNIQUE (stream, version)
);

-- Each filter of GET /api/audit/entries has the index that serves it, ending in the order of the pages.
-- They end in -index: for an order by index itself the planner likes to walk the primary key through everybody's
-- entries and throw most of them away, which reads the whole log for a workspace that has been quiet for long.
CREATE INDEX entry_by_workspace ON entry (workspace_id, (-index));
CREATE INDEX entry_by_stream ON entry (workspace_id, stream, (-index));
CREATE INDEX entry_by_board ON entry (workspace_id, board_id, (-index));
CREATE INDEX entry_by_actor ON entry (workspace_id, actor_id, (-index));
CREATE INDEX entry_by_kind ON entry (workspace_id, kind, (-index));
CREATE INDEX entry_by_time ON entry (workspace_id, occurred_at);

-- The values behind the record's commitments, with their salts: what a person may ask to have erased.
-- Text, not jsonb: the values are kept as they were sent, and jsonb refuses some that JSON allows.
CREATE TABLE particulars (
    index       bigint PRIMARY KEY REFERENCES entry (index),
    particulars text   NOT NULL
);

-- Append-only: the service may read and add, and nothing else. Erasing particulars will be another role's right.
REVOKE UPDATE, DELETE, TRUNCATE ON entry, particulars FROM onus_audit;
