-- Leads whose 30 days ended in the period; those who registered within their 30 days.
SELECT id AS member_id, channel_id,
       coalesce(registered_at < known_at + interval '720 hours', false)::int AS numerator, 1 AS denominator
FROM profiles_member
WHERE known_at >= %(start)s - interval '720 hours' AND known_at < %(end)s - interval '720 hours'
  AND (registered_at IS NULL OR registered_at > known_at)
