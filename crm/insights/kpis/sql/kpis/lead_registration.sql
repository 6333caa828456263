-- Leads whose 30 days ended in the period; those who registered within their 30 days.
SELECT member.id AS member_id, member.channel_id,
       coalesce(member.registered_at < member.known_at + interval '720 hours', false)::int AS numerator,
       1 AS denominator
FROM profiles_member AS member
WHERE member.known_at >= %(start)s - interval '720 hours' AND member.known_at < %(end)s - interval '720 hours'
  AND (member.registered_at IS NULL OR member.registered_at > member.known_at) /*among member.id*/
