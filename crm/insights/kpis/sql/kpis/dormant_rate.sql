-- Have invested, at the end of the period; those who are dormant.
SELECT member_id, NULL::bigint AS channel_id,
       coalesce(sub_state_at_end = 'dormant', false)::int AS numerator, 1 AS denominator
FROM lives
WHERE stage_at_end IN ('growth', 'maturity', 'decline')
