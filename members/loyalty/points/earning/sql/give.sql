SELECT g.added, g.granted, g.refused
FROM (
    SELECT array_agg(member_id) AS members, array_agg(key) AS keys, array_agg(points) AS points, array_agg(at) AS ats,
           array_agg(available) AS available, array_agg(expires) AS expires, array_agg(version_id) AS versions,
           array_agg(source_row) AS rows, array_agg(amount) AS amounts, array_agg(NULL::text) AS reasons
    FROM (SELECT * FROM _earn_new ORDER BY member_id, at, key) o  -- the order of their ids
) n
CROSS JOIN LATERAL loyalty_earn(
    %(programme)s, %(now)s, 'earn', n.members, n.keys, n.points, n.ats, n.available, n.expires, n.reasons,
    n.versions, n.rows, n.amounts, NULL
) g
