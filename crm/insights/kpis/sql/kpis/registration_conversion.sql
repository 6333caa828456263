-- Visitors first seen whose 30 days ended in the period: members by the instant from which they are known, and
-- anonymous visitors by their first touch; those who registered within their 30 days.
SELECT seen.member_id, seen.channel_id, seen.registered::int AS numerator, 1 AS denominator
FROM (
    SELECT member.id AS member_id, member.channel_id,
           coalesce(member.registered_at < member.known_at + interval '720 hours', false) AS registered
    FROM profiles_member AS member
    WHERE member.known_at >= %(start)s - interval '720 hours'
      AND member.known_at < %(end)s - interval '720 hours' /*among member.id*/
    UNION ALL
    SELECT NULL, (array_agg(touch.channel_id ORDER BY touch.at, touch.id))[1], false
    FROM profiles_touch AS touch
    WHERE touch.member_id IS NULL AND touch.at < %(end)s - interval '720 hours' /*among touch.member_id*/
      AND NOT EXISTS (
          SELECT FROM profiles_identity AS identity
          WHERE identity.kind = 'visitor' AND identity.value = touch.visitor_id
      )
    GROUP BY coalesce(nullif(touch.visitor_id, ''), touch.id)
    HAVING min(touch.at) >= %(start)s - interval '720 hours'
) AS seen
