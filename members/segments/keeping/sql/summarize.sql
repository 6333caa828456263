-- Assets and stages of the members of some segments.
INSERT INTO segments_summary (segment_id, aum, stages, at)
SELECT id, coalesce(sum(aum), 0), coalesce(jsonb_object_agg(stage, members) FILTER (WHERE members > 0), '{}'), %(now)s
FROM (
    SELECT wanted.id, coalesce(s.stage, '') AS stage, count(o.member_id) AS members, sum(s.aum) AS aum
    FROM unnest(%(segments)s::bigint[]) AS wanted (id)
    LEFT JOIN segments_membership o ON o.segment_id = wanted.id AND o.left_at IS NULL
    LEFT JOIN lifecycle_standing s ON s.member_id = o.member_id
    GROUP BY wanted.id, coalesce(s.stage, '')
) parts
GROUP BY id
ON CONFLICT (segment_id) DO UPDATE SET aum = excluded.aum, stages = excluded.stages, at = excluded.at
