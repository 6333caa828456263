-- What undoing a run would meet, from the rows that were kept: each row counts once.
WITH overwritten AS (
    SELECT DISTINCT key FROM imports_overwritten WHERE run_id = %(run)s AND table_name = %(table)s AND NOT by_hand
), later AS (
    SELECT DISTINCT key FROM imports_overwritten WHERE was_id = %(run)s AND table_name = %(table)s AND NOT by_hand
), by_hand AS (
    SELECT DISTINCT key FROM imports_overwritten WHERE run_id = %(run)s AND table_name = %(table)s AND by_hand
    EXCEPT SELECT key FROM later
)
SELECT (SELECT count(*) FROM overwritten WHERE key NOT IN (SELECT key FROM later)
            AND key NOT IN (SELECT key FROM by_hand)) AS restores,
       (SELECT count(*) FROM later) AS later,
       (SELECT count(*) FROM by_hand) AS by_hand
