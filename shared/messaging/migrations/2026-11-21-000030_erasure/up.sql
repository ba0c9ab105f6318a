-- Erasing what events say of a person: their particulars, never their records.

-- Who did it, for finding the events of a person. By a pattern, because it cannot fail whatever a record holds.
CREATE INDEX event_log_actor ON event_log (substring(record from '"actor":"([0-9a-f-]{36})"'));

-- Particulars without what says who a person is: `about` them, when nothing but the pseudonym stays, or done `by_them`.
-- What cannot be read goes as a whole. Values stay as they were written, since they must open their commitments.
CREATE FUNCTION forgotten(in_particulars text, in_about boolean, in_by_them boolean) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    pseudonym json := to_json('Former member'::text);
BEGIN
    RETURN (
        SELECT json_object_agg(part.key, CASE
            WHEN part.key = 'actor_name' AND in_by_them THEN pseudonym
            WHEN part.key = 'title' AND in_about THEN pseudonym
            WHEN part.key = 'person' AND in_about THEN (
                SELECT json_object_agg(trait.key, CASE trait.key
                    WHEN 'name' THEN pseudonym
                    WHEN 'email' THEN to_json((part.value ->> 'id') || '@erased.invalid')
                    WHEN 'language' THEN to_json('en'::text)
                    WHEN 'time_zone' THEN to_json('UTC'::text)
                    ELSE trait.value END)
                FROM json_each(part.value) AS trait)
            ELSE part.value END)::text
        FROM json_each(in_particulars::json) AS part
        WHERE NOT in_about OR part.key IN ('actor_name', 'title', 'person', 'forget'));
EXCEPTION WHEN others THEN
    RETURN '{}';
END
$$;

-- The service may not change what it published. It may ask for a person to be forgotten, which is done by the owner:
-- in the events of the given streams, in those that the person caused, and in the copies in quarantine.
DO $$
DECLARE
    service text := 'onus_' || current_schema();
BEGIN
    EXECUTE format($sql$
        CREATE FUNCTION forget_events(in_person uuid, in_streams text[]) RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = %I, pg_temp AS $body$
            UPDATE event_log e SET particulars = forgotten(e.particulars, c.about, c.by_them)
            FROM (
                SELECT id, stream = ANY (in_streams) AS about,
                       coalesce(substring(record from '"actor":"([0-9a-f-]{36})"') = in_person::text, false) AS by_them
                FROM event_log
                WHERE stream = ANY (in_streams)
                   OR substring(record from '"actor":"([0-9a-f-]{36})"') = in_person::text
            ) AS c
            WHERE e.id = c.id AND e.particulars IS DISTINCT FROM forgotten(e.particulars, c.about, c.by_them);
            UPDATE quarantine SET body = '{}' WHERE body LIKE '%%' || in_person || '%%';
        $body$
    $sql$, current_schema());
    EXECUTE format('GRANT EXECUTE ON FUNCTION forget_events(uuid, text[]) TO %I', service);
END
$$;
