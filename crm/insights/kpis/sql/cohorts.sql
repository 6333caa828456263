-- How far those first seen in each month have come by the end: visitors, leads (they left a contact), registered,
-- invested, ever in maturity. Anonymous visitors are only visitors.
SELECT date_trunc('month', lifecycle_platform_day(member.known_at)::timestamp)::date AS month,
       member.id AS member_id, true AS is_lead,
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
UNION ALL
SELECT date_trunc('month', lifecycle_platform_day(min(touch.at))::timestamp)::date, NULL, false, false, false, false
FROM profiles_touch AS touch
WHERE touch.member_id IS NULL AND touch.at < %(end)s
  AND NOT EXISTS (
      SELECT FROM profiles_identity AS identity
      WHERE identity.kind = 'visitor' AND identity.value = touch.visitor_id
  )
GROUP BY coalesce(nullif(touch.visitor_id, ''), touch.id)
HAVING min(touch.at) >= %(since)s
