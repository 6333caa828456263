SELECT o.segment_id, count(*) FILTER (WHERE o.left_at IS NULL),
       coalesce(sum(s.aum) FILTER (WHERE o.left_at IS NULL), 0), NULL,
       count(*) FILTER (WHERE NOT o.began AND o.joined_at >= %(since)s::timestamptz),
       count(*) FILTER (WHERE o.left_at >= %(since)s::timestamptz)
FROM ({seen}) AS seen
JOIN segments_membership AS o ON o.member_id = seen.id
LEFT JOIN lifecycle_standing AS s ON s.member_id = o.member_id
WHERE o.segment_id = ANY(%(segments)s::bigint[])
GROUP BY o.segment_id
