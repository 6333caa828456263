-- Kept counts that differ from the rows they count: (what, key as text, kept, counted).
SELECT 'stage', key, sum(kept)::bigint, sum(counted)::bigint
FROM (
    SELECT concat_ws('/', stage, sub_state) AS key, members AS kept, 0 AS counted FROM lifecycle_stagecount
    UNION ALL
    SELECT concat_ws('/', stage, sub_state), 0, 1 FROM lifecycle_standing WHERE stage IS NOT NULL
) AS both_sides
GROUP BY key HAVING sum(kept) <> sum(counted)
UNION ALL
SELECT 'transition', key, sum(kept)::bigint, sum(counted)::bigint
FROM (
    SELECT concat(day, ' ', from_stage, '/', from_sub_state, ' ', to_stage, '/', to_sub_state, CASE WHEN won_back THEN ' won back' END) AS key,
           members AS kept, 0 AS counted
    FROM lifecycle_transitioncount
    UNION ALL
    SELECT concat(lifecycle_platform_day(effective_at), ' ',
                  from_stage, '/', from_sub_state, ' ', to_stage, '/', to_sub_state, CASE WHEN won_back THEN ' won back' END), 0, 1
    FROM lifecycle_transition WHERE superseded_at IS NULL
) AS both_sides
GROUP BY key HAVING sum(kept) <> sum(counted)
ORDER BY 1, 2
