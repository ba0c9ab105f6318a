-- Whose account an entry of the security log is about: of who was refused, nobody knows who did it.
ALTER TABLE entry ADD COLUMN account_id uuid;
UPDATE entry e
SET account_id = coalesce(substring(p.particulars from '"account":\{"after":\{"value":"([0-9a-f-]{36})"')::uuid, e.actor_id)
FROM particulars p
WHERE p.index = e.index AND e.type = 'security.logged';
CREATE INDEX entry_by_account ON entry (workspace_id, account_id, (-index)) WHERE type = 'security.logged';

-- Whom nobody may read of any more: what comes late about them is forgotten as it comes.
CREATE TABLE erased_person (
    workspace_id uuid        NOT NULL,
    person_id    uuid        NOT NULL,
    erased_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, person_id)
);
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON erased_person FROM onus_audit;

-- The service may not touch what it has appended. It may ask for a person to be forgotten, which the owner does: in
-- the particulars, never in the entries.
CREATE FUNCTION forget(in_workspace uuid, in_person uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = audit, pg_temp AS $$
    INSERT INTO erased_person (workspace_id, person_id) VALUES (in_workspace, in_person) ON CONFLICT DO NOTHING;
    WITH about AS (
        SELECT index FROM entry
        WHERE workspace_id = in_workspace AND stream = 'person/' || in_workspace || '/' || in_person
        UNION
        SELECT index FROM entry
        WHERE workspace_id = in_workspace AND type = 'security.logged' AND account_id = in_person
    ), concerned AS (
        SELECT index, true AS about FROM about
        UNION ALL
        SELECT index, false FROM entry e
        WHERE workspace_id = in_workspace AND actor_id = in_person
          AND NOT EXISTS (SELECT FROM about WHERE about.index = e.index)
    ), fresh AS (
        SELECT p.index, forgotten(p.particulars, c.about, coalesce(e.actor_id = in_person, false)) AS particulars
        FROM concerned c JOIN entry e USING (index) JOIN particulars p USING (index)
    )
    UPDATE particulars p SET particulars = coalesce(fresh.particulars, '{}')
    FROM fresh WHERE p.index = fresh.index AND p.particulars IS DISTINCT FROM coalesce(fresh.particulars, '{}')
$$;
GRANT EXECUTE ON FUNCTION forget(uuid, uuid) TO onus_audit;
