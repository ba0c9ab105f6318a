-- The event log: every acknowledged change, exact bytes, kept for good.
CREATE TABLE event_log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id uuid NOT NULL UNIQUE,
    workspace_id uuid NOT NULL,
    -- A hash of the workspace; one relay at a time works on a shard.
    shard smallint NOT NULL CHECK (shard BETWEEN 0 AND 15),
    -- The board, where there is one: what the feed is read by.
    topic text,
    source text NOT NULL,
    stream text NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    type text NOT NULL,
    time timestamptz NOT NULL,
    traceparent text,
    -- The exact bytes that are hashed for ever, as text.
    record text NOT NULL,
    -- The values and their salts; erasable, hence NULL once erased.
    particulars text,
    -- The place on the workspace's feed, stamped by the relay.
    position bigint CHECK (position > 0),
    -- The clock when the row was written, not when its transaction began: nearer to the commit, yet still
    -- no cursor, because commits happen in another order.
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (stream, version)
);

-- The relay's work list; empty when all is stamped.
CREATE INDEX event_log_unstamped ON event_log (shard, id) WHERE position IS NULL;
-- A workspace gives out each position once.
CREATE UNIQUE INDEX event_log_position ON event_log (workspace_id, position) WHERE position IS NOT NULL;
-- The feed of one board.
CREATE INDEX event_log_feed ON event_log (topic, position) WHERE topic IS NOT NULL AND position IS NOT NULL;
-- What changed lately, for the comparison of heads.
CREATE INDEX event_log_recent ON event_log (created_at, id);

-- The last position given out in each workspace.
CREATE TABLE feed_head (
    workspace_id uuid PRIMARY KEY,
    position bigint NOT NULL
) WITH (fillfactor = 70);

-- What is still to be sent, one row per event and destination: made when the event is stamped, gone when the
-- destination has it. A destination that is down keeps its own rows only.
CREATE TABLE event_send (
    destination text NOT NULL,
    shard smallint NOT NULL,
    log_id bigint NOT NULL,
    stream text NOT NULL,
    PRIMARY KEY (destination, shard, log_id)
);

-- How far each stream was taken in: one row per stream, however many events it has.
CREATE TABLE inbox (
    queue text NOT NULL,
    source text NOT NULL,
    stream text NOT NULL,
    -- The version of the last event whose effect is committed.
    head bigint NOT NULL DEFAULT 0,
    -- How often the event after the head was rejected.
    rejections smallint NOT NULL DEFAULT 0,
    -- Set when that event went to quarantine: the later ones wait for a redrive.
    parked boolean NOT NULL DEFAULT false,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (queue, source, stream)
) WITH (fillfactor = 80);
CREATE INDEX inbox_parked ON inbox (queue) WHERE parked;

-- Streams of which later versions are known than were taken in; they are fetched from their producer.
CREATE TABLE inbox_gap (
    queue text NOT NULL,
    source text NOT NULL,
    stream text NOT NULL,
    -- The highest version heard of.
    known bigint NOT NULL,
    -- When to fetch, or to try again; also the lease of who is fetching.
    retry_at timestamptz NOT NULL DEFAULT now(),
    -- Found by a comparison of heads and perhaps only under way: an event that shows the hole makes it due.
    settling boolean NOT NULL DEFAULT false,
    PRIMARY KEY (queue, source, stream)
);
CREATE INDEX inbox_gap_due ON inbox_gap (queue, retry_at);

-- Events that were rejected too often, or that cannot be read at all.
CREATE TABLE quarantine (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    queue text NOT NULL,
    source text,
    stream text NOT NULL,
    version bigint,
    event_id uuid,
    reason text NOT NULL,
    body text NOT NULL,
    quarantined_at timestamptz NOT NULL DEFAULT now(),
    redriven_at timestamptz
);
CREATE INDEX quarantine_open ON quarantine (queue, stream) WHERE redriven_at IS NULL;

-- Up to when, by the producer's clock, the heads of all its streams were compared.
CREATE TABLE reconcile_mark (
    queue text NOT NULL,
    source text NOT NULL,
    compared_until timestamptz NOT NULL,
    PRIMARY KEY (queue, source)
);

-- The service writes its log and stamps positions; it can neither change nor forget what it published.
DO $$
DECLARE
    service text := 'onus_' || current_schema();
BEGIN
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON event_log FROM %I', service);
    EXECUTE format('GRANT UPDATE (position) ON event_log TO %I', service);
END
$$;
