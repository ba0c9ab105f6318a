-- Takes messages out of every queue that say who an erased person was: all that hold one of the words, but not those that
-- tell of the erasure. Their consumers find the hole and fetch what the producer's log says by then.
CREATE FUNCTION forget(in_words text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = bus, pg_temp AS $$
    DELETE FROM message
    WHERE EXISTS (SELECT FROM unnest(in_words) AS w (word) WHERE strpos(body, word) > 0)
      AND strpos(body, '\"kind\":\"erased\"') = 0
$$;
GRANT EXECUTE ON FUNCTION forget TO onus_bus;
