DROP FUNCTION forget_events(uuid, text[]);
DROP FUNCTION forgotten(text, boolean, boolean);
DROP INDEX event_log_actor;
