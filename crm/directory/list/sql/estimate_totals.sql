-- Members that match ("match", of a row of span) by stage: the richest each, of the others a sample, each for as many
-- as it stands for. Ids are given in the order of time, and much that is asked for goes by age (registered since, new
-- since, assessed until), so the sample is one id out of each of equal ranges: every age has its share. Ids without a
-- member are rare and of all ages alike. The same ids are drawn every time: a list reloaded tells the same.
WITH edge AS (SELECT max(member_id) AS last FROM lifecycle_standing),
drawn AS MATERIALIZED (
    SELECT 1 + floor((number + (hashint8extended(number, 1) & 65535) / 65536::float8) * edge.last / %(sampled)s)::bigint AS id
    FROM generate_series(0, %(sampled)s - 1) AS number, edge
),
sampled AS MATERIALIZED (
    SELECT of_id.*
    FROM drawn
    CROSS JOIN LATERAL (
        SELECT s.member_id, s.stage, s.sub_state, s.aum FROM lifecycle_standing AS s WHERE s.member_id = drawn.id OFFSET 0
    ) AS of_id
    WHERE of_id.stage IS NOT NULL AND of_id.aum < %(bound)s
),
richest AS MATERIALIZED (
    SELECT member_id, stage, sub_state, aum FROM lifecycle_standing
    WHERE stage = ANY(%(stages)s::text[]) AND aum >= %(bound)s
),
one AS (
    SELECT (%(members)s - (SELECT count(*) FROM richest)) / greatest((SELECT count(*) FROM sampled), 1)::numeric AS weight
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
