-- The logins of a member before now, read from their index alone; no row without any.
SELECT jsonb_build_object('count', count(*), 'first', min(e.at), 'last', max(e.at))
FROM profiles_event AS e
WHERE e.member_id = {member} AND e.name = %(login)s
  AND e.at > %(now)s::timestamptz - %(rhythm_days)s::integer * interval '24 hours' AND e.at <= %(now)s::timestamptz
HAVING count(*) > 0
