-- lives: the stage of every member just before the period begins and just before it ends: what the first
-- transition from then on left, or where the member stands now if none followed.
SELECT standing.member_id,
       CASE WHEN began.member_id IS NULL THEN standing.stage ELSE began.from_stage END AS stage_at_start,
       CASE WHEN began.member_id IS NULL THEN standing.sub_state ELSE began.from_sub_state END AS sub_state_at_start,
       CASE WHEN ended.member_id IS NULL THEN standing.stage ELSE ended.from_stage END AS stage_at_end,
       CASE WHEN ended.member_id IS NULL THEN standing.sub_state ELSE ended.from_sub_state END AS sub_state_at_end
FROM lifecycle_standing AS standing
LEFT JOIN (
    SELECT DISTINCT ON (member_id) member_id, from_stage, from_sub_state
    FROM lifecycle_transition
    WHERE superseded_at IS NULL AND effective_at >= %(start)s /*among member_id*/
    ORDER BY member_id, effective_at
) AS began USING (member_id)
LEFT JOIN (
    SELECT DISTINCT ON (member_id) member_id, from_stage, from_sub_state
    FROM lifecycle_transition
    WHERE superseded_at IS NULL AND effective_at >= %(end)s /*among member_id*/
    ORDER BY member_id, effective_at
) AS ended USING (member_id)
WHERE true /*among standing.member_id*/
