-- Facts dated in the future are claimed only as far as their time has come: the rest goes back into the queue from its
-- first instant on, or for valuations from the first of their days.
WITH future AS (
    SELECT member_id, until FROM _claim WHERE until > %(now)s
)
INSERT INTO lifecycle_dirty (member_id, since, until, since_day, until_day)
SELECT f.member_id, rest.at, greatest(rest.at, f.until), NULL::date, NULL::date
FROM future f
CROSS JOIN LATERAL (
    SELECT min(at) AS at FROM (
        (SELECT t.at FROM portfolio_transaction t
         WHERE t.member_id = f.member_id AND t.kind IN ('buy', 'redemption', 'payout') AND t.at > %(now)s
         ORDER BY t.at LIMIT 1)
        UNION ALL
        (SELECT e.at FROM profiles_event e
         WHERE e.member_id = f.member_id AND e.name = 'login' AND e.at > %(now)s ORDER BY e.at LIMIT 1)
        UNION ALL
        (SELECT min(s.at) FROM profiles_signal s WHERE s.member_id = f.member_id AND s.at > %(now)s)
        UNION ALL
        (SELECT min(i.at) FROM profiles_complaint c, LATERAL (VALUES (c.received_at), (c.closed_at)) i (at)
         WHERE c.member_id = f.member_id AND i.at > %(now)s)
        UNION ALL
        (SELECT min(n.at) FROM lifecycle_newnormal n WHERE n.member_id = f.member_id AND n.at > %(now)s)
        UNION ALL
        (SELECT i.at FROM profiles_member m, LATERAL (VALUES (m.known_at), (m.registered_at)) i (at)
         WHERE m.id = f.member_id AND i.at > %(now)s)
    ) coming
) rest
WHERE rest.at IS NOT NULL
UNION ALL
SELECT f.member_id, NULL, NULL, v.date,
       greatest(v.date, lifecycle_day_of(f.until, %(zone)s, %(stable_from)s, %(offset)s::interval))
FROM future f
CROSS JOIN LATERAL (
    SELECT v.date FROM portfolio_valuation v
    WHERE v.member_id = f.member_id AND v.date > %(today)s ORDER BY v.date LIMIT 1
) v
