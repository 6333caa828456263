-- In decline when the period began, or entered it in the period; those who came back in the period.
SELECT lives.member_id, NULL::bigint AS channel_id, coalesce(moved.back, false)::int AS numerator, 1 AS denominator
FROM lives
LEFT JOIN (
    SELECT member_id, bool_or(won_back) AS back,
           bool_or(to_stage = 'decline' AND from_stage IS DISTINCT FROM 'decline') AS fell
    FROM lifecycle_transition
    WHERE superseded_at IS NULL AND effective_at >= %(start)s AND effective_at < %(end)s /*among member_id*/
    GROUP BY member_id
) AS moved USING (member_id)
WHERE lives.stage_at_start = 'decline' OR moved.fell
