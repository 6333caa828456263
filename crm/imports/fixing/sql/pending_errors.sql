-- The reasons for which rows of a run wait, each found by jumping to it in the index reject_by_reason.
WITH RECURSIVE pair AS (
    (SELECT field, code FROM imports_reject WHERE run_id = %(run)s AND resolved_at IS NULL
     ORDER BY field, code LIMIT 1)
    UNION ALL
    SELECT next.field, next.code
    FROM pair
    CROSS JOIN LATERAL (
        SELECT field, code FROM imports_reject
        WHERE run_id = %(run)s AND resolved_at IS NULL AND (field, code) > (pair.field, pair.code)
        ORDER BY field, code LIMIT 1
    ) AS next
)
SELECT pair.field, pair.code, first.params, few.rows
FROM (SELECT * FROM pair LIMIT %(most)s) AS pair
CROSS JOIN LATERAL (
    SELECT params FROM imports_reject
    WHERE run_id = %(run)s AND resolved_at IS NULL AND field = pair.field AND code = pair.code
    ORDER BY line LIMIT 1
) AS first
CROSS JOIN LATERAL (
    SELECT count(*) AS rows FROM (
        SELECT FROM imports_reject
        WHERE run_id = %(run)s AND resolved_at IS NULL AND field = pair.field AND code = pair.code
        LIMIT %(counted)s + 1
    ) AS counted_rows
) AS few
ORDER BY few.rows DESC, pair.field, pair.code
