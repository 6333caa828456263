-- Members that match ("match", of a row of span) by stage: the richest each, of the others those of a sample of
-- blocks, each for as many as it stands for.
WITH sampled AS MATERIALIZED (
    SELECT member_id, stage, sub_state, aum
    FROM lifecycle_standing TABLESAMPLE SYSTEM (%s) REPEATABLE (1)
    WHERE stage IS NOT NULL AND aum < %s
),
richest AS MATERIALIZED (
    SELECT member_id, stage, sub_state, aum FROM lifecycle_standing WHERE stage = ANY(%s::text[]) AND aum >= %s
),
one AS (
    SELECT (%s - (SELECT count(*) FROM richest)) / greatest((SELECT count(*) FROM sampled), 1)::numeric AS weight
),
span AS (
    SELECT richest.*, 0 AS sampled, 1::numeric AS stands_for FROM richest
    UNION ALL
    SELECT sampled.*, 1, one.weight FROM sampled, one
)
SELECT span.stage, coalesce(span.sub_state, ''), sum(stands_for), sum(aum * stands_for), sum(sampled),
       (SELECT weight FROM one)
FROM span WHERE EXISTS ({match} OFFSET 0)
GROUP BY span.stage, span.sub_state
