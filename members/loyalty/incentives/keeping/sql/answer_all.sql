answer AS MATERIALIZED (
    SELECT m.id AS member_id, %(now)s::timestamptz AS at, 'version' AS brought_by,
           m.known_at <= %(now)s AND ({condition}) AS holds,
           least(({next})::timestamptz, CASE WHEN m.known_at > %(now)s THEN m.known_at END) AS due_at
    FROM {source} WHERE {among}
)
