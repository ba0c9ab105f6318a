-- GET /api/audit/security: few of all entries, read by admins.
CREATE INDEX entry_of_security ON entry (workspace_id, (-index)) WHERE type = 'security.logged';
