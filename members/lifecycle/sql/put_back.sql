-- A change that reaches into the future is taken only as far as it has come; the rest waits for its first instant.
INSERT INTO lifecycle_dirty (member_id, since, until)
SELECT c.member_id, rest.at, greatest(rest.at, c.until)
FROM _claim c
CROSS JOIN LATERAL (
    SELECT min(at) AS at FROM (
        (SELECT t.at FROM portfolio_transaction t
         WHERE t.member_id = c.member_id AND t.kind IN ('buy', 'sell') AND t.at > %(now)s
         ORDER BY t.at LIMIT 1)
        UNION ALL
        (SELECT lifecycle_day_start(v.date, %(zone)s, %(stable_from)s, %(offset)s::interval) FROM portfolio_valuation v
         WHERE v.member_id = c.member_id AND v.date > %(today)s ORDER BY v.date LIMIT 1)
        UNION ALL
        (SELECT e.at FROM profiles_event e
         WHERE e.member_id = c.member_id AND e.name = 'login' AND e.at > %(now)s ORDER BY e.at LIMIT 1)
        UNION ALL
        (SELECT min(s.at) FROM profiles_signal s WHERE s.member_id = c.member_id AND s.at > %(now)s)
        UNION ALL
        (SELECT i.at FROM profiles_member m, LATERAL (VALUES (m.known_at), (m.registered_at)) i (at)
         WHERE m.id = c.member_id AND i.at > %(now)s)
    ) coming
) rest
WHERE c.until > %(now)s AND rest.at IS NOT NULL
