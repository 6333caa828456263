-- In growth or maturity when the period began; those who still are when it ends.
SELECT member_id, NULL::bigint AS channel_id,
       coalesce(stage_at_end IN ('growth', 'maturity'), false)::int AS numerator, 1 AS denominator
FROM lives
WHERE stage_at_start IN ('growth', 'maturity')
