-- A change that reaches into the future is taken only as far as it has come; the rest waits for its first instant,
-- or, where valuations are to come, for the first of their days.
WITH ahead AS (
    SELECT member_id, until FROM _claim WHERE until > %(now)s
)
INSERT INTO lifecycle_dirty (member_id, since, until, since_day, until_day)
SELECT a.member_id, rest.at, greatest(rest.at, a.until), NULL::date, NULL::date
FROM ahead a
CROSS JOIN LATERAL (
    SELECT min(at) AS at FROM (
        (SELECT t.at FROM portfolio_transaction t
         WHERE t.member_id = a.member_id AND t.kind IN ('buy', 'sell') AND t.at > %(now)s
         ORDER BY t.at LIMIT 1)
        UNION ALL
        (SELECT e.at FROM profiles_event e
         WHERE e.member_id = a.member_id AND e.name = 'login' AND e.at > %(now)s ORDER BY e.at LIMIT 1)
        UNION ALL
        (SELECT min(s.at) FROM profiles_signal s WHERE s.member_id = a.member_id AND s.at > %(now)s)
        UNION ALL
        (SELECT i.at FROM profiles_member m, LATERAL (VALUES (m.known_at), (m.registered_at)) i (at)
         WHERE m.id = a.member_id AND i.at > %(now)s)
    ) coming
) rest
WHERE rest.at IS NOT NULL
UNION ALL
SELECT a.member_id, NULL, NULL, v.date,
       greatest(v.date, lifecycle_day_of(a.until, %(zone)s, %(stable_from)s, %(offset)s::interval))
FROM ahead a
CROSS JOIN LATERAL (
    SELECT v.date FROM portfolio_valuation v
    WHERE v.member_id = a.member_id AND v.date > %(today)s ORDER BY v.date LIMIT 1
) v
