-- Registered members whose 30 days ended in the period; those who first invested within them.
SELECT member.id AS member_id, member.channel_id,
       coalesce(standing.first_invested_at < member.registered_at + interval '720 hours', false)::int AS numerator,
       1 AS denominator
FROM profiles_member AS member
LEFT JOIN lifecycle_standing AS standing ON standing.member_id = member.id
WHERE member.registered_at >= %(start)s - interval '720 hours'
  AND member.registered_at < %(end)s - interval '720 hours' /*among member.id*/
