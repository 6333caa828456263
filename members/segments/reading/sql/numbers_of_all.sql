SELECT s.id, coalesce(t.members, 0), u.aum, u.at, coalesce(t.joined, 0), coalesce(t.gone, 0)
FROM unnest(%s::bigint[]) AS s (id)
LEFT JOIN LATERAL (
    SELECT sum(joined - "left" + rebased)::bigint AS members,
           (sum(joined) FILTER (WHERE day > %s::date))::bigint AS joined,
           (sum("left") FILTER (WHERE day > %s::date))::bigint AS gone
    FROM segments_tally WHERE segment_id = s.id
) t ON true
LEFT JOIN segments_summary u ON u.segment_id = s.id
