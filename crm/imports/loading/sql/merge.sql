-- The last row of a key wins; rows go in by key, so that two loads never wait for each other in a circle.
WITH latest AS (
    SELECT DISTINCT ON ({order_by}) {chosen}
    FROM pg_temp.imports_parsed AS p
    {joins}
    WHERE p.fault IS NULL
    ORDER BY {order_by}, p.line DESC
), stored AS (
    INSERT INTO {table} AS t ({targets}, import_id)
    SELECT {targets}, %(import)s::bigint FROM latest
    ON CONFLICT ({key}) {on_conflict}
    RETURNING t.xmax = 0 AS added  -- a row that was there before carries the lock of its update
)
SELECT count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM stored
