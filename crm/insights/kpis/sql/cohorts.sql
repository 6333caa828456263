-- How far the cohort of each month has come by the end: registered, invested, ever in maturity.
SELECT date_trunc('month', lifecycle_platform_day(member.known_at)::timestamp)::date AS month,
       member.id AS member_id,
       coalesce(member.registered_at < %(end)s, false) AS registered,
       coalesce(standing.first_invested_at < %(end)s, false) AS invested,
       EXISTS (
           SELECT FROM lifecycle_transition AS move
           WHERE move.member_id = member.id AND move.superseded_at IS NULL
             AND move.to_stage = 'maturity' AND move.effective_at < %(end)s
       ) AS matured
FROM profiles_member AS member
LEFT JOIN lifecycle_standing AS standing ON standing.member_id = member.id
WHERE member.known_at >= %(since)s AND member.known_at < %(end)s
