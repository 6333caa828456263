-- The next rows that the run has overwritten get back what they were, unless somebody has changed them since.
WITH taken AS (
    DELETE FROM imports_overwritten WHERE id IN (
        SELECT id FROM imports_overwritten
        WHERE run_id = %(run)s AND table_name = %(table)s AND NOT by_hand ORDER BY id LIMIT %(rows)s
    ) RETURNING key, row
), before AS (
    SELECT taken.key AS kept_key, b.* FROM taken, jsonb_populate_record(NULL::{table}, taken.row) AS b
), locked AS (
    SELECT before.*
    FROM before
    JOIN {table} AS t ON {same_as_before}
    WHERE t.import_id = %(run)s AND NOT EXISTS (
        SELECT FROM imports_overwritten AS h
        WHERE h.run_id = %(run)s AND h.table_name = %(table)s AND h.by_hand AND h.key = before.kept_key
    )
    ORDER BY {order}
    FOR UPDATE OF t
), restored AS (
    UPDATE {table} AS t SET {sets} FROM locked WHERE {same_as_locked} RETURNING t.{subject} AS subject
)
SELECT (SELECT count(*) FROM taken), (SELECT count(*) FROM restored), (SELECT array_agg(DISTINCT subject) FROM restored)
