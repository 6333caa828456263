-- Locked by id, so that two loads never wait for each other in a circle; only where something differs.
WITH wanted AS (
    SELECT m.id, {wanted}
    FROM pg_temp.imports_member AS n
    JOIN profiles_member AS m ON m.id = n.id
    WHERE NOT n.is_new AND ROW({stored}) IS DISTINCT FROM ROW({values})
    ORDER BY m.id
    FOR NO KEY UPDATE OF m
)
UPDATE profiles_member AS m SET {sets}, updated_at = %(now)s, import_id = %(import)s::bigint
FROM wanted WHERE m.id = wanted.id
