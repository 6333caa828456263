-- Had invested and not churned when the period began; those who are churned when it ends.
SELECT member_id, NULL::bigint AS channel_id,
       coalesce(sub_state_at_end = 'churned', false)::int AS numerator, 1 AS denominator
FROM lives
WHERE stage_at_start IN ('growth', 'maturity', 'decline') AND sub_state_at_start IS DISTINCT FROM 'churned'
