-- As merge.sql where nothing is known yet: looking for conflicts row by row costs as much again as inserting.
INSERT INTO {table} ({targets}, import_id)
SELECT latest.*, %(import)s::bigint
FROM (
    SELECT DISTINCT ON ({order_by}) {chosen}
    FROM pg_temp.imports_parsed AS p
    {joins}
    WHERE p.fault IS NULL
    ORDER BY {order_by}, p.line DESC
) AS latest
