claimed AS MATERIALIZED (
    SELECT c.member_id, max(c.at) AS at, (array_agg(c.source ORDER BY c.at DESC, c.source))[1] AS source
    FROM _incentive_claim c
    WHERE (c.rule_id = %(rule)s OR c.source = ANY(%(tables)s)) AND {among}
    GROUP BY c.member_id
),
judged AS MATERIALIZED (
    -- Who is not known yet matches nothing, not even a negation.
    SELECT m.id AS member_id, m.known_at <= %(now)s AND ({condition}) AS holds,
           least(({next})::timestamptz, CASE WHEN m.known_at > %(now)s THEN m.known_at END) AS due_at
    FROM {source} JOIN claimed AS c ON c.member_id = m.id
),
answer AS MATERIALIZED (
    SELECT c.member_id, greatest(c.at, %(effective_from)s) AS at, coalesce(c.source, 'time') AS brought_by,
           coalesce(j.holds, false) AS holds, j.due_at
    FROM claimed c LEFT JOIN judged j ON j.member_id = c.member_id
)
