-- A login that no other instant to evaluate follows is one itself: from then on it is the last activity.
INSERT INTO _pair
SELECT c.member_id, e.at, lifecycle_day_of(e.at, %(zone)s, %(stable_from)s, %(offset)s::interval),
       r.version
FROM _claim c
CROSS JOIN LATERAL (
    SELECT max(e.at) AS at FROM profiles_event e
    WHERE e.member_id = c.member_id AND e.name = 'login' AND e.at >= c.from_at AND e.at <= %(now)s
) e
JOIN lifecycle_policy_period r ON r.since <= e.at AND e.at < r.until
WHERE NOT c.one_instant AND e.at IS NOT NULL
  AND NOT EXISTS (SELECT FROM _pair p WHERE p.member_id = c.member_id AND p.at >= e.at)
