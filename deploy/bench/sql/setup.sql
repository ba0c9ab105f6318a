-- A workspace for pgbench beside the one that HTTP writes to: 16 boards of 4 columns and 400 tasks each, with ids
-- that a script can compute: kind, client, number. Runs as the service's own role.
CREATE OR REPLACE FUNCTION pg_temp.made(kind int, client int, number int) RETURNS uuid LANGUAGE sql IMMUTABLE AS
$$ SELECT (lpad(kind::text, 8, '0') || '-0000-7000-8000-' || lpad(client::text, 4, '0') || lpad(number::text, 8, '0'))::uuid $$;

INSERT INTO board (id, workspace_id, name, created_by)
SELECT pg_temp.made(2, client, 0), pg_temp.made(1, 0, 0), 'Bench ' || client, pg_temp.made(9, 0, 0)
FROM generate_series(0, 15) AS client;

INSERT INTO board_column (id, board_id, workspace_id, name, status, rank, tasks)
SELECT pg_temp.made(3, client, number), pg_temp.made(2, client, 0), pg_temp.made(1, 0, 0), 'Column ' || number,
       'todo', 'a' || number, 100
FROM generate_series(0, 15) AS client, generate_series(0, 3) AS number;

INSERT INTO task (id, workspace_id, board_id, column_id, rank, title, description, priority, labels, title_grams,
                  description_grams, created_by)
SELECT pg_temp.made(4, client, number), pg_temp.made(1, 0, 0), pg_temp.made(2, client, 0),
       pg_temp.made(3, client, number % 4), 'b' || lpad(number::text, 6, '0'), 'Task ' || number, '', 'none', '{}',
       ARRAY['ta', 'as', 'sk'], '{}', pg_temp.made(9, 0, 0)
FROM generate_series(0, 15) AS client, generate_series(0, 399) AS number;
