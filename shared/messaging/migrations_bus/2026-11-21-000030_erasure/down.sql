DROP FUNCTION forget(text[]);
