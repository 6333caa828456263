-- The instants of contacts, the latest first, of every kind but service and of the same kind: a cap of n in a period ends
-- that long after the n-th latest. Uses index: contact_by_time, which has the rows in this order.
SELECT g.member_id, {until} AS until
FROM (
    SELECT c.member_id, array_agg(c.at ORDER BY c.at DESC) FILTER (WHERE c.kind <> 'service') AS every,
        array_agg(c.at ORDER BY c.at DESC) FILTER (WHERE c.kind = '{purpose}') AS same
    FROM profiles_contact AS c
    WHERE c.member_id = ANY({members}) AND c.direction = 'out' AND c.at <= %(now)s
      AND c.at > %(now)s::timestamptz - interval '{days} days'
    GROUP BY c.member_id
) AS g
