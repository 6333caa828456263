-- Who was in a segment when it was computed has not joined it then.
SELECT e.at, o.id::text || e.kind AS id, e.kind, NULL::numeric AS amount, s.name AS detail, NULL::bigint AS import_id
FROM segments_membership o
JOIN segments_segment s ON s.id = o.segment_id
CROSS JOIN LATERAL (
    VALUES ('joined', CASE WHEN NOT o.began THEN o.joined_at END), ('left', o.left_at)
) AS e (kind, at)
WHERE o.member_id = %(member)s AND o.segment_id = ANY(%(segment_visible)s::bigint[]) AND e.at IS NOT NULL
