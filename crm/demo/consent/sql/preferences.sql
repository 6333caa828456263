-- Some live abroad, or want service messages elsewhere than by SMS.
INSERT INTO profiles_contactpreference (member_id, time_zone, service_channel, updated_at, by_id)
SELECT m.id, CASE WHEN m.id %% 97 = 0 THEN 'Europe/London' WHEN m.id %% 89 = 0 THEN 'America/New_York' ELSE '' END,
    CASE WHEN m.id %% 13 = 0 THEN 'wecom' WHEN m.id %% 17 = 0 THEN 'email' ELSE '' END, %(now)s, %(service)s
FROM profiles_member AS m
WHERE m.registered_at <= %(now)s AND (m.id %% 97 = 0 OR m.id %% 89 = 0 OR m.id %% 13 = 0 OR m.id %% 17 = 0)
ORDER BY m.id
