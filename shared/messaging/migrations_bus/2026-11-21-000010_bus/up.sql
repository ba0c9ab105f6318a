-- Queues in a table, spoken to through functions only: a service can send, receive and settle, and cannot read
-- or change what others have sent.

CREATE TABLE message (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    queue text NOT NULL,
    -- The stream: messages of a group are handed out one after the other.
    group_key text NOT NULL,
    -- The event's id: sent twice, it is queued once (as long as the first one is there).
    dedup uuid NOT NULL,
    body text NOT NULL,
    visible_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- How often it was received. With the id it makes the receipt: a late settlement by an earlier holder
    -- names an old number and does nothing.
    attempts integer NOT NULL DEFAULT 0,
    UNIQUE (queue, dedup)
) WITH (fillfactor = 80);
CREATE INDEX message_order ON message (queue, id);
CREATE INDEX message_group ON message (queue, group_key, id);

CREATE FUNCTION send(in_queue text, in_dedups uuid[], in_groups text[], in_bodies text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = bus, pg_temp AS $$
    INSERT INTO message (queue, dedup, group_key, body)
    SELECT in_queue, entry.dedup, entry.group_key, entry.body
    FROM unnest(in_dedups, in_groups, in_bodies) WITH ORDINALITY AS entry (dedup, group_key, body, place)
    ORDER BY entry.place
    ON CONFLICT (queue, dedup) DO NOTHING
$$;

-- Only the first message of a group can be received, and only while nobody holds it. The list is in order.
CREATE FUNCTION receive(in_queue text, in_most integer, in_visibility interval)
RETURNS TABLE (out_id bigint, out_dedup uuid, out_group text, out_body text, out_attempts integer)
LANGUAGE sql SECURITY DEFINER SET search_path = bus, pg_temp AS $$
    WITH head AS (
        SELECT m.id FROM message m
        WHERE m.queue = in_queue AND m.visible_at <= clock_timestamp()
          AND NOT EXISTS (
              SELECT FROM message earlier
              WHERE earlier.queue = m.queue AND earlier.group_key = m.group_key AND earlier.id < m.id)
        ORDER BY m.id
        LIMIT in_most
        FOR UPDATE OF m SKIP LOCKED
    ), taken AS (
        UPDATE message m
        SET visible_at = clock_timestamp() + in_visibility, attempts = m.attempts + 1
        FROM head WHERE m.id = head.id
        RETURNING m.id, m.dedup, m.group_key, m.body, m.attempts
    )
    SELECT id, dedup, group_key, body, attempts FROM taken ORDER BY id
$$;

-- Both settlements say how many of the receipts were still good.
CREATE FUNCTION acknowledge(in_queue text, in_ids bigint[], in_attempts integer[]) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = bus, pg_temp AS $$
    WITH gone AS (
        DELETE FROM message m USING unnest(in_ids, in_attempts) AS held (id, attempts)
        WHERE m.id = held.id AND m.attempts = held.attempts AND m.queue = in_queue
        RETURNING 1
    )
    SELECT count(*) FROM gone
$$;

-- "I need longer" and "not now" are the same to a queue: visible again after the given time.
CREATE FUNCTION postpone(in_queue text, in_ids bigint[], in_attempts integer[], in_delay interval) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = bus, pg_temp AS $$
    WITH moved AS (
        UPDATE message m SET visible_at = clock_timestamp() + in_delay
        FROM unnest(in_ids, in_attempts) AS held (id, attempts)
        WHERE m.id = held.id AND m.attempts = held.attempts AND m.queue = in_queue
        RETURNING 1
    )
    SELECT count(*) FROM moved
$$;

CREATE FUNCTION depth(in_queue text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = bus, pg_temp AS $$
    SELECT count(*) FROM message WHERE queue = in_queue
$$;

-- The services' roles are members of onus_bus: they get the functions, and nothing of the table.
REVOKE ALL ON message FROM onus_bus;
GRANT EXECUTE ON FUNCTION send, receive, acknowledge, postpone, depth TO onus_bus;
